"""What tests stand on: databases, a real server, real browsers, the cast. No tests here."""
