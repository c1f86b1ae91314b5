"""What comes with an emergency call beside voice and place: blocks of RFC 7852, and crash data of vehicles."""
