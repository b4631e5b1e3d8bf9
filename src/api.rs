//! Requests in the words of CopySnapshot and CopyImage, and their judge.
