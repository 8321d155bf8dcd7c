"""Where the rooms come together: settings, addresses, the command line and the embedded database."""
