//! Words that the page and the terminal share.

use crate::model::{SWITCHES, Switch};
use crate::report::theme::percent;
use crate::units::{Bytes, Rate, Span, Usd, thousands};

/// A flipped assumption as the clause after "if".
pub(crate) fn supposed(switch: Switch, text: &str) -> &'static str {
    match switch {
        Switch::Clock => "the completion duration counts from acceptance",
        Switch::TbPace => "time-based copies are paced early",
        Switch::TbSlots => "time-based copies take no slot",
        Switch::SameSource if text == "clock-only" => "copies of one snapshot wait by clock alone",
        Switch::SameSource => "copies of one snapshot take turns whatever their destination",
        Switch::Residual => "copies granted too little take freed quota later",
        Switch::CatchUp => "copies that fell behind borrow no quota",
        Switch::MinGrant => "the least quota that is granted is another",
        Switch::IncrBase => "a copy under way can be the base of the next",
        Switch::Rekey if text == "always" => "every copy under a changed key is full",
        Switch::Rekey => "copies are full while some under another key are there",
        Switch::EdgeIncr => "copies to Local Zones and Outposts are always full",
        Switch::TbSize => "the required rate counts the full size",
        Switch::CumScope => "the quota is counted over a destination",
        Switch::AmiSplit => "an image's earlier snapshots are granted quota first",
        Switch::CountAmiSnaps => "the snapshots of image copies take slots",
        Switch::DestCount => "a Local Zone or Outpost shares the slots of its Region",
        Switch::LinkLoss if text == "error" => "an outage ends the copies on the link",
        Switch::LinkLoss => "an outage makes copies start again",
        Switch::Tier => "time-based copies are not served first on links",
        Switch::MissBlame => "missed durations are the service's",
        Switch::BillRound => "actual durations are billed rounded down",
        Switch::Overhead => "copies take another time to start up",
        Switch::StdRate => "standard copies run at another rate",
        Switch::Snapshot => "snapshots take another time",
        Switch::LzRate => "the link of a Local Zone has another capacity",
        Switch::SlShare => "another share of a service link is usable",
        Switch::CancelSnaps => "snapshots of a deregistered image go on",
        Switch::SrcDelete => "the deletion of a source fails its copies",
        Switch::Progress => "progress is told in other steps",
        Switch::RouteCode | Switch::EdgeDurationCode | Switch::QuotaCode | Switch::NoRegion => {
            "another code is answered"
        }
        Switch::ZonePairs => "images are copied between all Local Zones of a Region",
        Switch::ZoneSelf => "images are not copied within a Local Zone",
        Switch::Exclusive => "a zone may stand beside an Outpost",
        Switch::ZoneEncryption => "every Local Zone encrypts what arrives",
        Switch::ImageKey => "copied images come under the default key",
        Switch::TokenZones => "a token may not come again with another zone",
        Switch::TokenLife | Switch::TokenLength => "tokens have another limit",
        Switch::KeyNeeds => "a key may be named whenever the copy is encrypted",
        Switch::KeyCheck => "keys are checked after a copy was accepted",
        Switch::UrlCheck => "copies by a URL without a signature fail",
        Switch::ImageSource => "images are checked after their copy was accepted",
    }
}

/// The same of the key of an assumption, as tables have it; what is no switch reads as it stands.
pub(crate) fn supposed_key(key: &str, text: &str) -> String {
    match SWITCHES.iter().find(|info| info.key == key) {
        Some(info) if text == info.default && info.switch.range().is_none() => {
            format!("this is otherwise: {}", info.about)
        }
        Some(info) => supposed(info.switch, text).to_owned(),
        None if key == "snapshot.jitter" => "schedulers have another jitter".to_owned(),
        None if key == "client.backoff" => {
            "clients wait otherwise before they ask again".to_owned()
        }
        None => format!("{key} is {text}"),
    }
}

/// Why a copy was full, by its word in `copies.csv`.
pub(super) fn full_because(word: &str) -> &str {
    match word {
        "first" => "the first of its volume there",
        "not_completed" => "no copy there was complete when it was accepted",
        "retention" => "retention had taken the copies there away",
        "not_older" => "no copy there was of an older snapshot",
        "key" => "the copies there are under another key",
        "edge" => "copies to Local Zones and Outposts are always full",
        "always" => "it shares nothing with the copies there",
        other => other,
    }
}

/// A value in its unit.
pub(crate) fn figure(value: f64, unit: &str) -> String {
    let size = value.abs();
    match unit {
        "s" => Span::from_secs_f64(size).to_string(),
        "share" => percent(size).replace('\u{a0}', " "),
        "B" => Bytes::from_f64(size).to_string(),
        "B/s" => Rate::new(size).to_string(),
        "USD" => Usd::from_f64(size).to_string(),
        "" => thousands(size, 2),
        unit => format!("{} {unit}", thousands(size, 2)),
    }
}

/// A difference in its unit, with its sign; of shares in percentage points.
pub(crate) fn signed(value: f64, unit: &str) -> String {
    let size = if unit == "share" { points(value.abs()) } else { figure(value, unit) };
    let is_none = !size.contains(|digit: char| ('1'..='9').contains(&digit));
    let sign = if is_none {
        ""
    } else if value < 0.0 {
        "−"
    } else {
        "+"
    };
    format!("{sign}{size}")
}

/// A difference of shares, in points of a percentage with two digits at least: `1.2 points`.
pub(crate) fn points(share: f64) -> String {
    let points = share * 100.0;
    let mut decimals = 1;
    let mut least = 1.0;
    while 0.0 < points && points < least && decimals < 6 {
        decimals += 1;
        least /= 10.0;
    }
    format!("{} points", thousands(points, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From another assumption back to the default, which no clause is written for; a quantity is
    /// another one either way.
    #[test]
    fn what_is_assumed_otherwise_is_told_in_a_clause() {
        let told = |key: &str, text: &str| supposed_key(key, text);
        assert_eq!(told("P-TB-PACE", "early"), "time-based copies are paced early");
        assert!(told("P-TB-PACE", "exact").starts_with("this is otherwise: how fast a time-based"));
        assert_eq!(told("P-LZ-RATE", "10 Gbit/s"), "the link of a Local Zone has another capacity");
        assert_eq!(told("snapshot.jitter", "0 s"), "schedulers have another jitter");
    }
}
