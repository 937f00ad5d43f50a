"""What builds, runs and checks the project. Never imported by `app`."""
