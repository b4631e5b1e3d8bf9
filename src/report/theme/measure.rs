//! Widths of words before they are drawn, and lines broken by them.

use super::TextStyle;

/// Units of the advance tables in one em.
const UNITS_PER_EM: f64 = 2048.0;

/// Regular, U+0020 to U+007E.
#[rustfmt::skip]
const REGULAR_ASCII: [u16; 95] = [
    569, 569, 727, 1139, 1139, 1821, 1366, 391, 682, 682, 797, 1196, 569, 682, 569, 569,
    1139, 1139, 1139, 1139, 1139, 1139, 1139, 1139, 1139, 1139, 569, 569, 1196, 1196, 1196, 1139,
    2079, 1366, 1366, 1479, 1479, 1366, 1251, 1593, 1479, 569, 1024, 1366, 1139, 1706, 1479, 1593,
    1366, 1593, 1479, 1366, 1251, 1479, 1366, 1933, 1366, 1366, 1251, 569, 569, 569, 961, 1139,
    682, 1139, 1139, 1024, 1139, 1139, 569, 1139, 1139, 455, 455, 1024, 455, 1706, 1139, 1139,
    1139, 1139, 682, 1024, 569, 1139, 1024, 1479, 1024, 1024, 1024, 684, 532, 684, 1196,
];

/// Bold, U+0020 to U+007E.
#[rustfmt::skip]
const BOLD_ASCII: [u16; 95] = [
    569, 682, 971, 1139, 1139, 1821, 1479, 487, 682, 682, 797, 1196, 569, 682, 569, 569,
    1139, 1139, 1139, 1139, 1139, 1139, 1139, 1139, 1139, 1139, 682, 682, 1196, 1196, 1196, 1251,
    1997, 1479, 1479, 1479, 1479, 1366, 1251, 1593, 1479, 569, 1139, 1479, 1251, 1706, 1479, 1593,
    1366, 1593, 1479, 1366, 1251, 1479, 1366, 1933, 1366, 1366, 1251, 682, 569, 682, 1196, 1139,
    682, 1139, 1251, 1139, 1251, 1139, 682, 1251, 1251, 569, 569, 1139, 569, 1821, 1251, 1251,
    1251, 1251, 797, 1139, 682, 1251, 1139, 1593, 1139, 1139, 1024, 797, 573, 797, 1196,
];

/// Regular, U+00A0 to U+00FF.
#[rustfmt::skip]
const REGULAR_LATIN: [u16; 96] = [
    569, 682, 1139, 1139, 1139, 1139, 532, 1139, 682, 1509, 758, 1139, 1196, 682, 1509, 1131,
    819, 1124, 682, 682, 682, 1180, 1100, 569, 682, 682, 748, 1139, 1708, 1708, 1708, 1251,
    1366, 1366, 1366, 1366, 1366, 1366, 2048, 1479, 1366, 1366, 1366, 1366, 569, 569, 569, 569,
    1479, 1479, 1593, 1593, 1593, 1593, 1593, 1196, 1593, 1479, 1479, 1479, 1479, 1366, 1366, 1251,
    1139, 1139, 1139, 1139, 1139, 1139, 1821, 1024, 1139, 1139, 1139, 1139, 569, 569, 569, 569,
    1139, 1139, 1139, 1139, 1139, 1139, 1139, 1124, 1251, 1139, 1139, 1139, 1139, 1024, 1139, 1024,
];

/// Bold, U+00A0 to U+00FF.
#[rustfmt::skip]
const BOLD_LATIN: [u16; 96] = [
    569, 682, 1139, 1139, 1139, 1139, 573, 1139, 682, 1509, 758, 1139, 1196, 682, 1509, 1131,
    819, 1124, 682, 682, 682, 1180, 1139, 569, 682, 682, 748, 1139, 1708, 1708, 1708, 1251,
    1479, 1479, 1479, 1479, 1479, 1479, 2048, 1479, 1366, 1366, 1366, 1366, 569, 569, 569, 569,
    1479, 1479, 1593, 1593, 1593, 1593, 1593, 1196, 1593, 1479, 1479, 1479, 1479, 1366, 1366, 1251,
    1139, 1139, 1139, 1139, 1139, 1139, 1821, 1139, 1139, 1139, 1139, 1139, 569, 569, 569, 569,
    1251, 1251, 1251, 1251, 1251, 1251, 1251, 1124, 1251, 1251, 1251, 1251, 1251, 1139, 1251, 1139,
];

/// The advance of one character in 1/2048 em.
///
/// Published: Arial's `hmtx` table, which Liberation Sans and Arimo share by design. Characters
/// that no table holds count as wide as they can be: a full em.
fn advance(character: char, bold: bool) -> u16 {
    let code = u32::from(character);
    let find = |table: &[u16], first: u32| {
        usize::try_from(code - first).ok().and_then(|place| table.get(place).copied())
    };
    let known = match code {
        0x20..=0x7e => find(if bold { &BOLD_ASCII } else { &REGULAR_ASCII }, 0x20),
        0xa0..=0xff => find(if bold { &BOLD_LATIN } else { &REGULAR_LATIN }, 0xa0),
        _ => None,
    };
    known.unwrap_or(match character {
        '–' | '•' | '†' | '€' => 1139,
        '‘' | '’' => 569,
        '“' | '”' => 1024,
        '−' | '≥' | '≤' | '≈' => 1196,
        _ => 2048,
    })
}

/// Width of `text` in px, set in `style`.
pub fn text_width(text: &str, style: TextStyle) -> f64 {
    let units: f64 = text.chars().map(|c| f64::from(advance(c, style.bold))).sum();
    units / UNITS_PER_EM * style.size
}

/// `text`, or as much of it as fits into `room` px with an ellipsis at its end.
pub fn ellipsize(text: &str, style: TextStyle, room: f64) -> String {
    if text_width(text, style) <= room {
        return text.to_owned();
    }
    cut(text, style, room)
}

/// As much of `text` as fits into `room` px together with the ellipsis behind it.
fn cut(text: &str, style: TextStyle, room: f64) -> String {
    let mut kept = text.to_owned();
    while !kept.is_empty() && room < text_width(&format!("{kept}…"), style) {
        kept.pop();
    }
    format!("{}…", kept.trim_end())
}

/// `text` in lines of at most `room` px, at most `n_lines` of them.
///
/// Lines break at spaces, but not before a `·`; a word longer than a line is cut where it must be.
/// What does not fit into the last line ends in an ellipsis.
///
/// # Panics
/// When `n_lines` is zero.
pub fn wrap(text: &str, style: TextStyle, room: f64, n_lines: usize) -> Vec<String> {
    assert!(0 < n_lines, "no line to write on");
    let text = text.replace(" ·", "\u{a0}·");
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        for piece in pieces(word, style, room) {
            let line = lines.last_mut().expect("there is always a line");
            let longer = format!("{line} {piece}");
            if line.is_empty() {
                *line = piece;
            } else if text_width(&longer, style) <= room {
                *line = longer;
            } else {
                lines.push(piece);
            }
        }
    }
    if n_lines < lines.len() {
        lines.truncate(n_lines);
        let last = lines.pop().expect("at least one line");
        lines.push(cut(&last, style, room));
    }
    lines
}

/// [`wrap`], with lines about equally long: no title ends in a single short word.
pub fn wrap_balanced(text: &str, style: TextStyle, room: f64, n_lines: usize) -> Vec<String> {
    let greedy = wrap(text, style, room, n_lines);
    if greedy.len() < 2 || greedy.last().is_some_and(|line| line.ends_with('…')) {
        return greedy;
    }
    let (mut too_narrow, mut wide_enough) = (0.0, room);
    for _halving in 0..12 {
        let width = f64::midpoint(too_narrow, wide_enough);
        let lines = wrap(text, style, width, usize::MAX);
        let fits = lines.len() <= greedy.len() && lines.join(" ") == greedy.join(" ");
        *(if fits { &mut wide_enough } else { &mut too_narrow }) = width;
    }
    wrap(text, style, wide_enough, n_lines)
}

/// `word` in pieces that fit into `room`, cut behind a hyphen, slash, or underscore where one
/// stands in the second half of a piece.
fn pieces(word: &str, style: TextStyle, room: f64) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    for character in word.chars() {
        piece.push(character);
        if room < text_width(&piece, style) && piece.chars().nth(1).is_some() {
            piece.pop();
            let cut = piece.rfind(['-', '/', '_', '.']).map(|at| at + 1);
            let cut = cut.filter(|&at| piece.len() <= 2 * at && at < piece.len());
            let rest = piece.split_off(cut.unwrap_or(piece.len()));
            pieces.push(std::mem::replace(&mut piece, rest));
            piece.push(character);
        }
    }
    pieces.push(piece);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABEL: TextStyle = TextStyle::LABEL;

    /// "Hi" is 1479 + 455 = 1934 of 2048 units; at 12 px: 11.332 px.
    #[test]
    fn widths_come_from_arials_table() {
        assert!((text_width("Hi", LABEL) - 11.332).abs() < 0.001);
    }

    /// Three words of "aa" (2278 units = 13.35 px) and spaces of 3.33 px: two words are 30.03 px.
    #[test]
    fn lines_break_at_spaces_where_the_room_ends() {
        assert_eq!(wrap("aa aa aa", LABEL, 30.1, 9), ["aa aa", "aa"]);
        assert_eq!(wrap("aa aa aa", LABEL, 30.0, 9), ["aa", "aa", "aa"]);
    }

    /// "aa ·" takes 20.02 px, "aa · aa" 36.7 px: in 34 px the dot stays with what it follows.
    #[test]
    fn no_line_begins_with_a_dot() {
        assert_eq!(wrap("aa · aa", LABEL, 34.0, 9), ["aa\u{a0}·", "aa"]);
    }

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis() {
        let lines = wrap("one two three four five six", LABEL, 60.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…') && text_width(&lines[1], LABEL) <= 60.0, "{lines:?}");
    }

    #[test]
    fn a_word_longer_than_a_line_is_cut_behind_its_hyphen() {
        // "accounts-" is 3·1024 + 4·1139 + ... < 60 px, the whole word is not.
        let lines = wrap("accounts-payable", LABEL, 62.0, 9);
        assert_eq!(lines, ["accounts-", "payable"]);
    }

    #[test]
    fn room_for_not_even_a_letter_ends_all_the_same() {
        assert_eq!(wrap("abc", LABEL, 0.5, 9), ["a", "b", "c"]);
        assert_eq!(wrap("", LABEL, 0.5, 9), [""]);
    }

    /// Greedy lines would be "aa aa aa" and "aa"; balanced ones are two and two.
    #[test]
    fn a_title_has_no_widow() {
        assert_eq!(wrap_balanced("aa aa aa aa", LABEL, 48.0, 3), ["aa aa", "aa aa"]);
    }
}
