//! What becomes of a copy that is accepted and meets no other: its bytes, its key, its pace.

use super::price::{self, Paid};
use super::{Copied, Reason, Source, SourceSnapshot, name_of};
use crate::api::{self, Accepted, Action, Encrypting, Encryption, Later, PlaceOf, Way};
use crate::billing::{self, Miss};
use crate::catalog::limit::{COPY_RATE_MAX, DURATION_MAX, DURATION_STEP, PAIR_QUOTA};
use crate::units::{Bytes, Rate, Span};

/// A snapshot of a copy.
#[derive(Debug, Clone, PartialEq)]
pub struct CopiedSnapshot {
    /// Id of its source; `snap-…` where nobody says.
    pub id: String,
    /// Bytes of a full copy.
    pub full: Option<Bytes>,
    /// Whether it is copied in full.
    pub extent: Reason<Extent>,
    /// Bytes to move.
    pub bytes: Option<Bytes>,
    /// How the copy is encrypted.
    pub encryption: Reason<Key>,
}

/// How much of a snapshot is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Full,
    /// What changed since the newest copy of its volume at the destination.
    Incremental,
    /// Nothing: it stays in its Region, under its key.
    Nothing,
}

/// How a copy is encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// It is not.
    Plain,
    /// Under the key that the request names.
    Given(String),
    /// Under the key that is set for encryption by default in the destination Region.
    Configured(String),
    /// Under the provider's own key of the destination Region.
    Managed,
    /// Under the key of the source.
    Source(String),
}

/// How fast a copy goes, if no other draws on the quota.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// The completion duration that is asked for; none: a standard copy.
    pub duration: Option<Span>,
    /// The least duration that could be met; none where the bytes are not known, or where 48 hours
    /// are too short.
    pub least: Option<Span>,
    /// Whether copies between these places can have a completion duration (F24).
    pub can_be_timed: bool,
    /// What follows from a duration; none for a standard copy, and where the bytes are not known.
    pub timed: Option<Timed>,
}

/// How fast a time-based copy goes; of an image, all its snapshots together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timed {
    /// The rate that meets the duration.
    pub required: Rate,
    /// What it draws of the quota, and runs at.
    pub granted: Rate,
    /// How long it takes by the provider's clock: the duration, where that is met.
    pub takes: Span,
    /// What keeps it from meeting the duration.
    pub short_of: Option<Short>,
}

/// A limit that a time-based copy meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Short {
    /// What one copy may carry.
    OwnCap,
    /// The quota of all copies between the two Regions.
    Quota,
}

impl Pace {
    /// The marks of the facts that its rate follows from.
    pub fn marks_of_rate(&self) -> &'static str {
        match (self.duration, self.timed.and_then(|timed| timed.short_of)) {
            (None, _) => "F112",
            (Some(_), None) => "F4, F7",
            (Some(_), Some(Short::OwnCap)) => "F3, F7, F14",
            (Some(_), Some(Short::Quota)) => "F4, F7, F9, F18, F19",
        }
    }

    /// The marks of all its facts.
    pub(super) fn marks(&self) -> impl Iterator<Item = &'static str> {
        let least = self.least.map(|_| "F13");
        let edge = (!self.can_be_timed).then_some("F24");
        [Some(self.marks_of_rate()), least, edge].into_iter().flatten()
    }
}

/// All that can be said of an accepted copy.
pub(super) fn copied(source: &Source, accepted: &Accepted<'_>) -> Copied {
    let encryptions: Vec<Encryption<'_>> = accepted.encryptions().map(|(_, how)| how).collect();
    let snapshots: Vec<CopiedSnapshot> = source
        .snapshots
        .iter()
        .zip(&encryptions)
        .map(|(snapshot, encryption)| snapshot_of(snapshot, *encryption, accepted))
        .collect();
    let bytes: Option<Vec<Bytes>> = snapshots.iter().map(|one| one.bytes).collect();
    let bytes = bytes.filter(|bytes| !bytes.is_empty());
    let grants = grants(bytes.as_deref(), accepted.duration);
    Copied {
        from: name_of(accepted.from),
        to: name_of(accepted.to),
        route: route(accepted),
        fails: accepted.fails.map(fails),
        pace: pace(accepted, bytes.as_deref(), &grants),
        prices: price::list(accepted, bytes.as_deref(), &grants),
        snapshots,
    }
}

/// Why the copy ends in error, in words.
fn fails(later: Later) -> Reason<String> {
    let (marks, _, said) = later.told();
    Reason::new(said.to_owned(), marks)
}

/// Between which kinds of places it goes, and who says that it may.
fn route(accepted: &Accepted<'_>) -> Reason<String> {
    use PlaceOf::{LocalZone, Outpost, Region};
    let is_image = accepted.action == Action::CopyImage;
    let (said, marks) = match (accepted.from, accepted.to) {
        (Region { name, .. }, Region { name: goal, .. }) if name == goal => {
            ("within a Region", if is_image { "F53" } else { "F50" })
        }
        (Region { .. }, Region { .. }) => ("between Regions", if is_image { "F53" } else { "F50" }),
        (Region { .. }, LocalZone { .. }) => {
            ("from a Region to its Local Zone", if is_image { "F53" } else { "F50" })
        }
        (Region { .. }, Outpost { .. }) => {
            ("from a Region to its Outpost", if is_image { "F53" } else { "F50" })
        }
        (LocalZone { .. }, Region { .. }) => {
            ("from a Local Zone to its parent Region", if is_image { "F53" } else { "F51" })
        }
        (LocalZone { name, .. }, LocalZone { name: goal, .. }) if name == goal => {
            ("within a Local Zone", if is_image { "F53, F55, P-LZ-SELF" } else { "F51" })
        }
        (LocalZone { .. }, LocalZone { .. }) => {
            ("between Local Zones of a group", if is_image { "F53, F55, P-LZLZ" } else { "F51" })
        }
        (Outpost { .. }, _) | (LocalZone { .. }, Outpost { .. }) => {
            unreachable!("the judge accepts nothing from an Outpost, nor from a zone to one")
        }
    };
    Reason::new(said.to_owned(), marks)
}

fn snapshot_of(
    source: &SourceSnapshot,
    encryption: Encryption<'_>,
    accepted: &Accepted<'_>,
) -> CopiedSnapshot {
    let extent = extent(source, encryption, accepted);
    CopiedSnapshot {
        id: source.id.clone(),
        full: source.full,
        bytes: match extent.said {
            Extent::Full => source.full,
            Extent::Incremental => source.changed,
            Extent::Nothing => Some(Bytes::ZERO),
        },
        extent,
        encryption: reason_of(source, encryption, &accepted.encrypting),
    }
}

/// How the copy is encrypted, and why.
fn reason_of(
    source: &SourceSnapshot,
    encryption: Encryption<'_>,
    encrypting: &Encrypting<'_>,
) -> Reason<Key> {
    let key = match encryption {
        Encryption::Plain => return Reason::new(Key::Plain, "F67"),
        Encryption::Under(api::Key::Given(key)) => {
            return Reason::new(Key::Given(key.to_owned()), "F67, F70");
        }
        Encryption::Under(api::Key::Configured(key)) => Key::Configured(key.to_owned()),
        Encryption::Under(api::Key::Managed) => Key::Managed,
        Encryption::Under(api::Key::Source(key)) => Key::Source(key.to_owned()),
    };
    let marks = match (encrypting.way, encrypting.forced) {
        (Way::ToOutpost, _) => "F71",
        (Way::Inside | Way::Across, true) => "F72",
        (Way::Inside | Way::Across, false) => {
            let is_kept = encrypting.action == Action::CopyImage && source.key.is_some();
            if is_kept { "F69, P-AMI-KEY" } else { "F67, F68" }
        }
    };
    Reason::new(key, marks)
}

/// How much of a snapshot is copied: as the engine has it, for one copy.
fn extent(
    source: &SourceSnapshot,
    encryption: Encryption<'_>,
    accepted: &Accepted<'_>,
) -> Reason<Extent> {
    let is_within = accepted.from.is_region() && accepted.from == accepted.to;
    if is_within && is_same_key(source.key.as_deref(), encryption) {
        return Reason::new(Extent::Nothing, "F102, F106");
    }
    let is_edge = !(accepted.from.is_region() && accepted.to.is_region());
    match source.changed {
        Some(_) if is_edge => Reason::new(Extent::Incremental, "F103, F108, P-EDGE-INCR"),
        Some(_) => Reason::new(Extent::Incremental, "F103"),
        None if is_within => Reason::new(Extent::Full, "F102"),
        None => Reason::new(Extent::Full, "F103, F104"),
    }
}

/// Whether a copy is under the key of its source; a key may be written as an ARN or by its id.
fn is_same_key(source: Option<&str>, encryption: Encryption<'_>) -> bool {
    let ends_in = |long: &str, short: &str| {
        long.strip_suffix(short).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    match (source, encryption) {
        (None, Encryption::Plain) | (Some(_), Encryption::Under(api::Key::Source(_))) => true,
        (Some(source), Encryption::Under(api::Key::Given(key) | api::Key::Configured(key))) => {
            ends_in(source, key) || ends_in(key, source)
        }
        (Some(source), Encryption::Under(api::Key::Managed)) => source.ends_with("alias/aws/ebs"),
        (None, Encryption::Under(_)) | (Some(_), Encryption::Plain) => false,
    }
}

/// What each snapshot requires, is granted where no other copy runs, and takes (F7, F9, F18, F19):
/// none for a standard copy, and where bytes are not known.
fn grants(bytes: Option<&[Bytes]>, duration: Option<Span>) -> Vec<Paid> {
    let (Some(bytes), Some(duration)) = (bytes, duration) else { return Vec::new() };
    let required: Vec<Rate> =
        bytes.iter().map(|amount| billing::required_rate(*amount, duration)).collect();
    let drawn: f64 = required.iter().map(|rate| rate.min(COPY_RATE_MAX).get()).sum();
    let part = if drawn <= PAIR_QUOTA.get() { 1.0 } else { PAIR_QUOTA.get() / drawn };
    let of_one = |(amount, required): (&Bytes, &Rate)| {
        let granted = required.min(COPY_RATE_MAX).scale(part);
        let is_short = granted < *required;
        let actual = granted.time_for(*amount).filter(|_| is_short);
        Paid {
            bytes: *amount,
            required: *required,
            granted,
            takes: actual.unwrap_or(duration),
            miss: if is_short { Miss::blame(*required, granted) } else { Miss::None },
        }
    };
    bytes.iter().zip(&required).map(of_one).collect()
}

fn pace(accepted: &Accepted<'_>, bytes: Option<&[Bytes]>, grants: &[Paid]) -> Pace {
    let can_be_timed = accepted.from.is_region() && accepted.to.is_region();
    let rates = |of: fn(&Paid) -> Rate| Rate::new(grants.iter().map(|paid| of(paid).get()).sum());
    let takes = grants.iter().map(|paid| paid.takes).max();
    let timed = takes.map(|takes| {
        let is_late = grants.iter().any(|paid| paid.miss != Miss::None);
        let is_capped = grants.iter().any(|paid| COPY_RATE_MAX < paid.required);
        let short = if is_capped { Short::OwnCap } else { Short::Quota };
        Timed {
            required: rates(|paid| paid.required),
            granted: rates(|paid| paid.granted),
            takes,
            short_of: is_late.then_some(short),
        }
    });
    let least = bytes.filter(|_| can_be_timed).and_then(least_duration);
    Pace { duration: accepted.duration, least, can_be_timed, timed }
}

/// The least duration that a copy of these snapshots can meet while no other draws on the quota:
/// of each by itself (F13), and of all of them within the quota (F4, F18).
fn least_duration(bytes: &[Bytes]) -> Option<Span> {
    let each: Option<Vec<Span>> =
        bytes.iter().map(|amount| billing::least_duration(*amount)).collect();
    let longest = each?.into_iter().max()?;
    let together = PAIR_QUOTA.time_for(bytes.iter().copied().sum())?.round_up_to(DURATION_STEP);
    Some(longest.max(together)).filter(|span| *span <= DURATION_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mib(amounts: &[u64]) -> Vec<Bytes> {
        amounts.iter().map(|mib| Bytes::mib(*mib)).collect()
    }

    /// TV34: five of 450,000 MiB in 15 min need 500 each, 2,500 together: of 2,000 MiB/s each gets
    /// 400, and takes 450,000 / 400 = 1,125 s, 18.75 min.
    #[test]
    fn tv34_an_image_that_needs_more_than_the_quota() {
        let bytes = mib(&[450_000; 5]);
        let grants = grants(Some(&bytes), Some(Span::from_mins(15)));
        for paid in &grants {
            assert_eq!(paid.takes, Span::from_secs(1125));
            assert_eq!(paid.miss, Miss::Customer);
        }
        // 2,250,000 MiB / 2,000 MiB/s = 1,125 s: the next step is 30 min
        assert_eq!(least_duration(&bytes), Some(Span::from_mins(30)));
    }

    /// TV2: 200,000, 500,000, and 450,000 MiB in an hour: 319.44 MiB/s, which is there. By itself,
    /// 500,000 MiB need 1,000 s: 30 min.
    #[test]
    fn tv2_an_image_within_the_quota() {
        let bytes = mib(&[200_000, 500_000, 450_000]);
        let grants = grants(Some(&bytes), Some(Span::from_hours(1)));
        let sum: f64 = grants.iter().map(|paid| paid.granted.as_mib_per_s()).sum();
        assert!((sum - 2875.0 / 9.0).abs() < 1e-9, "{sum}");
        assert!(grants.iter().all(|paid| paid.miss == Miss::None));
        assert!(grants.iter().all(|paid| paid.takes == Span::from_hours(1)));
        assert_eq!(least_duration(&bytes), Some(Span::from_mins(30)));
    }

    /// TV19: 900,000 MiB in 15 min need 1,000 MiB/s, get 500, and take 30 min.
    #[test]
    fn tv19_one_copy_carries_no_more_than_500() {
        let grants = grants(Some(&mib(&[900_000])), Some(Span::from_mins(15)));
        assert_eq!(grants[0].granted, COPY_RATE_MAX);
        assert_eq!((grants[0].takes, grants[0].miss), (Span::from_mins(30), Miss::Customer));
    }

    #[test]
    fn a_key_is_the_same_by_its_arn_and_by_its_id() {
        const ARN: &str = "arn:aws:kms:us-west-2:111122223333:key/2a8c0c28";
        let given = |key| Encryption::Under(api::Key::Given(key));
        assert!(is_same_key(Some(ARN), given("2a8c0c28")));
        assert!(is_same_key(Some("2a8c0c28"), given(ARN)));
        assert!(!is_same_key(Some(ARN), given("c0c28")));
        assert!(!is_same_key(None, given(ARN)));
        assert!(is_same_key(None, Encryption::Plain));
    }
}
