"""NEMSIS 3.5: what dispatch knows for a patient care report, as the sections eDispatch and eTimes.

Names, usage and NOT values are those of the published data dictionary (R*). The XSD and the Schematron rules are not at
hand: `sections.faults_of` is ours and judges these two sections alone.
"""
