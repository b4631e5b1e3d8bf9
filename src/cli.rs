//! Subcommands, words to the user, exit codes.
