//! How far an assumed quantity may lie from its default, and why so far.

use super::Switch;

/// The ends between which an assumed quantity is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The lower end, as a scenario writes it.
    pub low: &'static str,
    /// The upper end, as a scenario writes it.
    pub high: &'static str,
    /// Why it ends there.
    pub why: &'static str,
}

impl Switch {
    /// The range of a switch whose value is a quantity; none of those that are one of a few words.
    pub const fn range(self) -> Option<Range> {
        let (low, high, why) = match self {
            Switch::MinGrant => (
                "1 KiB/s",
                "20 MiB/s",
                "any sliver is granted; less than a hundredth of the published quota is not",
            ),
            Switch::Overhead => (
                "1.6 s",
                "60 s",
                "the quickest empty copy that was seen (F113); twice the slowest, rounded up",
            ),
            Switch::StdRate => (
                "{ lognormal = { median = \"40 MiB/s\", sigma = 0.715 } }",
                "{ lognormal = { median = \"250 MiB/s\", sigma = 0.715 } }",
                "the median is where a tenth and nine tenths of the default lie: nobody has published \
                 a rate",
            ),
            Switch::Snapshot => (
                "{ fixed = \"115 s\", rate = \"25 MiB/s\" }",
                "{ fixed = \"38 s\", rate = \"100 MiB/s\" }",
                "the longest and the shortest of small snapshots seen in public; half and twice the \
                 rate of the largest of them",
            ),
            Switch::LzRate => (
                "1 Gbit/s",
                "40 Gbit/s",
                "not published: a tenth of the default, and four times of it",
            ),
            Switch::SlShare => (
                "50 %",
                "100 %",
                "the Outpost takes half of its service link for itself, or nothing",
            ),
            Switch::TokenLife => ("1 h", "7 days", "not published: an hour, and a week"),
            Switch::TokenLength => ("64", "128", "the guide says 64, the API model 128 (F76)"),
            _ => return None,
        };
        Some(Range { low, high, why })
    }
}

#[cfg(test)]
mod tests {
    use super::super::SWITCHES;

    /// A switch lists the words that it can be, or says "any …" and has a range.
    #[test]
    fn a_switch_has_words_or_a_range() {
        for info in SWITCHES {
            let is_quantity = info.alternatives.iter().any(|of| of.starts_with("any "));
            assert_eq!(info.switch.range().is_some(), is_quantity, "{}", info.key);
            let has_default = info.alternatives.contains(&info.default);
            assert_eq!(has_default, !is_quantity, "{}", info.key);
        }
    }
}
