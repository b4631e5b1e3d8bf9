//! Regions and Local Zones: what they are called, where they belong, what is known of snapshots.
//!
//! Source: `data/locations.csv` and `data/locations-extra.csv`, each row with its own source.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use super::Status;

const LOCATIONS: &str = include_str!("../../data/locations.csv");
const DETAILS: &str = include_str!("../../data/locations-extra.csv");

/// Names that are less alike than this (1 is equal) are not suggested.
const LEAST_LIKENESS: f64 = 0.6;

/// A Region of the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Its code, such as `us-east-1`.
    pub name: String,
    /// Its name in words, such as `US East (N. Virginia)`.
    pub long_name: String,
    /// The partition it belongs to, such as `aws` or `aws-cn`; copies never leave it (F54).
    pub partition: String,
    /// Whether an EC2 endpoint was found: without one it is named but cannot be used yet.
    pub supported: bool,
    /// Whether an endpoint for Outposts was found.
    pub has_outposts: bool,
    /// Where this stands.
    pub source: String,
}

/// A Local Zone of a Region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalZone {
    /// Its name, such as `us-west-2-lax-1a`.
    pub name: String,
    /// Its id, such as `usw2-lax1-az1`.
    pub zone_id: String,
    /// Its zone group, such as `us-west-2-lax-1`: the zones between which snapshots may be copied.
    pub group: String,
    /// The Region it belongs to.
    pub parent: String,
    /// The partition of that Region.
    pub partition: String,
    /// What is known of local snapshots there.
    pub snapshots: LocalSnapshots,
    /// Whether snapshots there must be encrypted (F72).
    pub encryption: LocalEncryption,
    /// Where this stands.
    pub source: String,
}

/// What is known of local snapshots in a Local Zone (F124: where the zone has Amazon S3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalSnapshots {
    /// The provider's texts use the zone in an example of local snapshots.
    Exemplified,
    /// A launch report lists them.
    Reported,
    /// Nothing was found: unknown, not refused.
    Unknown,
}

/// Whether snapshots in a Local Zone must be encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalEncryption {
    /// Always encrypted.
    Required,
    /// As in the parent Region.
    AsParent,
}

/// A place that a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A Region, by its code.
    Region(&'static Region),
    /// A Local Zone, by its name or its zone id.
    LocalZone(&'static LocalZone),
}

/// A name that no place has, with the nearest one that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownPlace {
    name: String,
    kind: &'static str,
    /// The name that was probably meant.
    pub suggestion: Option<&'static str>,
}

impl Region {
    /// How sure it is that the Region can be used.
    pub const fn status(&self) -> Status {
        if self.supported { Status::Documented } else { Status::Assumed }
    }
}

impl LocalZone {
    /// How sure it is that snapshots can be copied to and from the zone.
    pub const fn status(&self) -> Status {
        match self.snapshots {
            LocalSnapshots::Exemplified => Status::Documented,
            LocalSnapshots::Reported => Status::Observed,
            LocalSnapshots::Unknown => Status::Assumed,
        }
    }
}

impl Place {
    /// The Region whose endpoint takes the requests: the Region itself, or a zone's parent.
    pub fn region(self) -> &'static str {
        match self {
            Place::Region(region) => &region.name,
            Place::LocalZone(zone) => &zone.parent,
        }
    }
}

impl fmt::Display for UnknownPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no {} `{}`", self.kind, self.name)?;
        match self.suggestion {
            Some(meant) => write!(f, " (did you mean `{meant}`?)"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for UnknownPlace {}

/// All Regions, in the order of the table.
pub fn regions() -> &'static [Region] {
    &CATALOG.regions
}

/// All Local Zones, in the order of the table.
pub fn local_zones() -> &'static [LocalZone] {
    &CATALOG.zones
}

/// The Region of this code, if there is one.
pub fn find_region(name: &str) -> Option<&'static Region> {
    CATALOG.region_of.get(name).map(|&idx| &CATALOG.regions[idx])
}

/// The Local Zone of this name or zone id, if there is one.
pub fn find_zone(name: &str) -> Option<&'static LocalZone> {
    CATALOG.zone_of.get(name).map(|&idx| &CATALOG.zones[idx])
}

/// The Region of this code.
///
/// # Errors
/// When there is none.
pub fn region(name: &str) -> Result<&'static Region, UnknownPlace> {
    find_region(name).ok_or_else(|| UnknownPlace {
        name: name.to_owned(),
        kind: "Region",
        suggestion: nearest(name, regions().iter().map(|region| region.name.as_str())),
    })
}

/// The Local Zone of this name or zone id.
///
/// # Errors
/// When there is none.
pub fn local_zone(name: &str) -> Result<&'static LocalZone, UnknownPlace> {
    find_zone(name).ok_or_else(|| UnknownPlace {
        name: name.to_owned(),
        kind: "Local Zone",
        suggestion: nearest(name, zone_names()),
    })
}

/// The Region or Local Zone of this name.
///
/// # Errors
/// When there is neither.
pub fn place(name: &str) -> Result<Place, UnknownPlace> {
    if let Ok(region) = region(name) {
        return Ok(Place::Region(region));
    }
    local_zone(name).map(Place::LocalZone).map_err(|_| {
        let names = regions().iter().map(|region| region.name.as_str()).chain(zone_names());
        UnknownPlace {
            name: name.to_owned(),
            kind: "Region or Local Zone",
            suggestion: nearest(name, names),
        }
    })
}

fn zone_names() -> impl Iterator<Item = &'static str> {
    local_zones().iter().flat_map(|zone| [zone.name.as_str(), zone.zone_id.as_str()])
}

/// The candidate most like `name`, the first among equals; none where all are too unlike.
fn nearest<'c>(name: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let mut best = (LEAST_LIKENESS, None);
    for candidate in candidates {
        let likeness = strsim::normalized_damerau_levenshtein(name, candidate);
        if best.0 < likeness {
            best = (likeness, Some(candidate));
        }
    }
    best.1
}

#[derive(Default)]
struct Catalog {
    regions: Vec<Region>,
    zones: Vec<LocalZone>,
    /// Index of each Region by its code.
    region_of: BTreeMap<String, usize>,
    /// Index of each Local Zone by its name, and by its id.
    zone_of: BTreeMap<String, usize>,
}

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let mut catalog = Catalog::default();
    for (row, detail) in rows(LOCATIONS).into_iter().zip(rows(DETAILS)) {
        assert_eq!(&row[1], &detail[0], "both tables list the same places in one order");
        if &row[0] == "region" {
            catalog.region_of.insert(row[1].to_owned(), catalog.regions.len());
            catalog.regions.push(region_of(&row, &detail));
        } else {
            for name in [&row[1], &row[2]] {
                catalog.zone_of.insert(name.to_owned(), catalog.zones.len());
            }
            catalog.zones.push(zone_of(&row, &detail));
        }
    }
    catalog
});

fn rows(table: &str) -> Vec<csv::StringRecord> {
    let reader = csv::Reader::from_reader(table.as_bytes()).into_records();
    reader.collect::<Result<_, _>>().expect("tables that are compiled in are well formed")
}

fn region_of(row: &csv::StringRecord, detail: &csv::StringRecord) -> Region {
    Region {
        name: row[1].to_owned(),
        long_name: detail[2].to_owned(),
        partition: row[5].to_owned(),
        supported: &row[6] == "full",
        has_outposts: &detail[7] == "yes",
        source: row[7].to_owned(),
    }
}

fn zone_of(row: &csv::StringRecord, detail: &csv::StringRecord) -> LocalZone {
    LocalZone {
        name: row[1].to_owned(),
        zone_id: row[2].to_owned(),
        group: row[3].to_owned(),
        parent: row[4].to_owned(),
        partition: row[5].to_owned(),
        snapshots: match &row[6] {
            "local-doc-example" => LocalSnapshots::Exemplified,
            "local-reported" => LocalSnapshots::Reported,
            _ => LocalSnapshots::Unknown,
        },
        encryption: match &detail[8] {
            "required" => LocalEncryption::Required,
            _ => LocalEncryption::AsParent,
        },
        source: row[7].to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The counts that `data/README.md` states, and the words that the code tells apart.
    #[test]
    fn the_tables_are_read_whole() {
        assert_eq!((regions().len(), local_zones().len()), (48, 51));
        for row in rows(LOCATIONS) {
            let known: &[&str] = match &row[0] {
                "region" => &["full", "unknown-no-ec2-endpoint-listed"],
                "local-zone" => &["local-doc-example", "local-reported", "regional-default"],
                other => panic!("{other}"),
            };
            assert!(known.contains(&&row[6]), "{row:?}");
        }
        for row in rows(DETAILS) {
            assert!(["n/a", "required", "as-parent-region"].contains(&&row[8]), "{row:?}");
        }
    }

    /// F126: the group is the zone's name without the trailing letter; the parent is a Region.
    #[test]
    fn zones_belong_to_groups_and_regions() {
        for zone in local_zones() {
            assert_eq!(zone.group, zone.name[..zone.name.len() - 1], "{zone:?}");
            assert!(zone.group.starts_with(&format!("{}-", zone.parent)), "{zone:?}");
            assert_eq!(region(&zone.parent).unwrap().partition, zone.partition);
        }
    }

    /// F125, F129: Atlanta is an example of the API text; Los Angeles has two zones in one group.
    #[test]
    fn places_are_found_by_name_and_by_zone_id() {
        let atlanta = local_zone("use1-atl2-az1").unwrap();
        assert_eq!(
            (atlanta.name.as_str(), atlanta.status()),
            ("us-east-1-atl-2a", Status::Documented)
        );
        assert_eq!(Place::LocalZone(atlanta).region(), "us-east-1");
        let (a, b) =
            (local_zone("us-west-2-lax-1a").unwrap(), local_zone("us-west-2-lax-1b").unwrap());
        assert_eq!(a.group, b.group);
        assert_eq!(local_zone("us-west-2-den-1a").unwrap().status(), Status::Assumed);
        assert_eq!(place("us-east-1").unwrap().region(), "us-east-1");
        assert!(!region("sa-west-1").unwrap().supported);
        for known in regions() {
            assert_eq!(find_region(&known.name), Some(known));
        }
        assert_eq!((find_region("us-east"), find_zone("us-east-1")), (None, None));
    }

    #[test]
    fn a_wrong_name_gets_the_nearest_right_one() {
        let message = |name| place(name).unwrap_err().to_string();
        assert_eq!(
            message("us-esat-1"),
            "there is no Region or Local Zone `us-esat-1` (did you mean `us-east-1`?)"
        );
        assert_eq!(
            message("us-west-2-lax-1"),
            "there is no Region or Local Zone `us-west-2-lax-1` (did you mean `us-west-2-lax-1a`?)"
        );
        assert_eq!(message("moon"), "there is no Region or Local Zone `moon`");
        assert_eq!(
            region("eu-wets-1").unwrap_err().to_string(),
            "there is no Region `eu-wets-1` (did you mean `eu-west-1`?)"
        );
    }
}
