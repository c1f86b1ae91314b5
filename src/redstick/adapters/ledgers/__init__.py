"""What people look up later, in SQL beside the journal: ledgers over two times, and the index of subjects.

SQLAlchemy Core, so that SQLite and PostgreSQL are one code. Everything here can be thrown away and rebuilt.
"""

from redstick.adapters.ledgers.database import ledger_file, open_database
from redstick.adapters.ledgers.ledger import SqlLedger
from redstick.adapters.ledgers.subjects import SubjectIndex

__all__ = ["SqlLedger", "SubjectIndex", "ledger_file", "open_database"]
