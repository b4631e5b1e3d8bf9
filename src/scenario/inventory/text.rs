//! Bytes of a file as text, whatever the machine that exported it puts around them.

use super::problem::InputProblem;

/// The text of a file: UTF-8, a byte order mark left off, and not blank.
///
/// # Errors
/// When it is UTF-16 (as `>` writes in older Windows shells), not UTF-8, or empty.
pub(super) fn decode<'b>(file: &str, bytes: &'b [u8]) -> Result<&'b str, InputProblem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(InputProblem::of_file(file, "the file is UTF-16")
            .with_help("save it as UTF-8; in PowerShell: `… | Out-File -Encoding utf8 FILE`"));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let good = &bytes[..error.valid_up_to()];
        InputProblem::of_file(file, "not UTF-8 text").at_line(line_after(good))
    })?;
    if text.trim().is_empty() {
        return Err(InputProblem::of_file(file, "the file is empty")
            .with_help("did the command that wrote it fail?"));
    }
    Ok(text)
}

/// The line, from 1, on which what follows `before` stands.
fn line_after(before: &[u8]) -> u64 {
    before.iter().fold(1, |line, byte| line + u64::from(*byte == b'\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(bytes: &[u8]) -> String {
        decode("a.json", bytes).unwrap_err().to_string()
    }

    #[test]
    fn a_byte_order_mark_is_left_off() {
        assert_eq!(decode("a.json", b"\xef\xbb\xbf{}"), Ok("{}"));
    }

    #[test]
    fn what_is_no_utf_8_is_refused_with_its_line() {
        assert_eq!(message(b"a\nb\n\xe9\n"), "a.json:3: not UTF-8 text");
        insta::assert_snapshot!(message(b"\xff\xfe{\0}\0"), @"a.json: the file is UTF-16 (save it as UTF-8; in PowerShell: `… | Out-File -Encoding utf8 FILE`)");
        insta::assert_snapshot!(message(b""), @"a.json: the file is empty (did the command that wrote it fail?)");
        insta::assert_snapshot!(message(b"\xef\xbb\xbf \r\n"), @"a.json: the file is empty (did the command that wrote it fail?)");
    }
}
