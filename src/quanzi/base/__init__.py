"""What every floor above stands on: doctor, events, ledger, media, audit, jobs (imports go left)."""
