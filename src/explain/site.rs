//! Places as users write them.

use crate::api::PlaceOf;
use crate::catalog::location::{self, LocalZone, Region};

/// A place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Site {
    /// A Region.
    Region(&'static Region),
    /// A Local Zone.
    LocalZone(&'static LocalZone),
    /// An Outpost.
    Outpost {
        /// Its ARN, or whatever the user calls it.
        name: String,
        /// The Region that it is associated with.
        region: &'static Region,
    },
}

impl Site {
    /// The place of a text: a Region, the name or id of a Local Zone, the ARN of an Outpost, or
    /// `NAME@REGION` for any Outpost of a Region.
    ///
    /// # Errors
    /// When there is no such place: what it could be.
    pub fn read(text: &str) -> Result<Site, String> {
        let outpost = |region: &str| {
            let region = location::region(region).map_err(|unknown| unknown.to_string())?;
            Ok(Site::Outpost { name: text.to_owned(), region })
        };
        if let Some(region) = region_of_outpost(text) {
            return outpost(region);
        }
        if let Some((name, region)) = text.split_once('@') {
            if name.is_empty() {
                return Err(format!("`{text}` names no Outpost: write it as `plant{text}`"));
            }
            return outpost(region);
        }
        match location::place(text) {
            Ok(location::Place::Region(region)) => Ok(Site::Region(region)),
            Ok(location::Place::LocalZone(zone)) => Ok(Site::LocalZone(zone)),
            Err(unknown) => {
                Err(format!("{unknown}; an Outpost is written by its ARN, or as `plant@us-west-2`"))
            }
        }
    }

    /// The place as routes see it.
    pub fn place(&self) -> PlaceOf<'_> {
        match self {
            Site::Region(region) => {
                PlaceOf::Region { name: &region.name, partition: &region.partition }
            }
            Site::LocalZone(zone) => PlaceOf::LocalZone { name: &zone.name, parent: &zone.parent },
            Site::Outpost { name, region } => PlaceOf::Outpost { name, parent: &region.name },
        }
    }
}

/// The Region in the ARN of an Outpost.
fn region_of_outpost(text: &str) -> Option<&str> {
    let mut parts = text.strip_prefix("arn:")?.split(':');
    let (_partition, service, region) = (parts.next()?, parts.next()?, parts.next()?);
    (service == "outposts").then_some(region)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:outposts:us-west-2:111122223333:outpost/op-1234567890abcdef0";

    /// By its code, its name, its id, its ARN, and as one of a Region.
    #[test]
    fn places_are_read_in_every_spelling() {
        for (text, name, region) in [
            ("us-west-2", "us-west-2", "us-west-2"),
            ("us-west-2-lax-1a", "us-west-2-lax-1a", "us-west-2"),
            ("usw2-lax1-az1", "us-west-2-lax-1a", "us-west-2"),
            (ARN, ARN, "us-west-2"),
            ("plant@eu-west-1", "plant@eu-west-1", "eu-west-1"),
        ] {
            let site = Site::read(text).unwrap();
            assert_eq!((site.place().name(), site.place().region()), (name, region), "{text}");
        }
    }

    #[test]
    fn a_place_that_is_none_is_told_with_what_could_be_meant() {
        let told = |text| Site::read(text).unwrap_err();
        insta::assert_snapshot!(told("us-wset-2"), @"there is no Region or Local Zone `us-wset-2` (did you mean `us-west-2`?); an Outpost is written by its ARN, or as `plant@us-west-2`");
        insta::assert_snapshot!(told("plant@us-wset-2"), @"there is no Region `us-wset-2` (did you mean `us-west-2`?)");
        insta::assert_snapshot!(told("@us-west-2"), @"`@us-west-2` names no Outpost: write it as `plant@us-west-2`");
    }
}
