//! JSON lines.

use std::io::{self, Write};

use serde::Serialize;

/// Writes one value a line.
///
/// After a fault of the writer nothing more is written, and [`Lines::finish`] gives the fault back.
#[derive(Debug)]
pub(super) struct Lines<W: Write> {
    out: W,
    line: Vec<u8>,
    fault: Option<io::Error>,
}

impl<W: Write> Lines<W> {
    pub(super) fn new(out: W) -> Lines<W> {
        Lines { out, line: Vec::new(), fault: None }
    }

    /// Writes a value as the next line.
    pub(super) fn line(&mut self, value: &impl Serialize) {
        if self.fault.is_some() {
            return;
        }
        self.line.clear();
        serde_json::to_writer(&mut self.line, value).expect("memory takes all that is written");
        self.line.push(b'\n');
        self.fault = self.out.write_all(&self.line).err();
    }

    /// Ends the lines: all that was written is with the writer.
    pub(super) fn finish(self) -> io::Result<W> {
        match self.fault {
            Some(fault) => Err(fault),
            None => Ok(self.out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_a_line_and_a_fault_is_kept() {
        let mut lines = Lines::new(Vec::new());
        lines.line(&"a\nb");
        lines.line(&7);
        assert_eq!(lines.finish().unwrap(), b"\"a\\nb\"\n7\n");
        let mut room = [0; 2];
        let mut lines = Lines::new(&mut room[..]);
        lines.line(&1);
        lines.line(&2);
        lines.line(&3);
        assert_eq!(lines.finish().unwrap_err().kind(), io::ErrorKind::WriteZero);
    }
}
