//! Between which places snapshots and images can be copied (F50–F58).

use super::{Action, Refusal, Rule, Silent, ZonePairs, ZoneSelf};

/// A place as routes see it, by names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceOf<'a> {
    /// A Region.
    Region {
        /// Its code.
        name: &'a str,
        /// Its partition: `aws`, `aws-cn`, `aws-us-gov`.
        partition: &'a str,
    },
    /// A Local Zone.
    LocalZone {
        /// Its name.
        name: &'a str,
        /// The Region it belongs to.
        parent: &'a str,
    },
    /// An Outpost.
    Outpost {
        /// What the scenario calls it.
        name: &'a str,
        /// The Region it is associated with.
        parent: &'a str,
    },
}

impl<'a> PlaceOf<'a> {
    /// Its name.
    pub const fn name(self) -> &'a str {
        match self {
            PlaceOf::Region { name, .. }
            | PlaceOf::LocalZone { name, .. }
            | PlaceOf::Outpost { name, .. } => name,
        }
    }

    /// The Region that it is, or belongs to.
    pub const fn region(self) -> &'a str {
        match self {
            PlaceOf::Region { name, .. } => name,
            PlaceOf::LocalZone { parent, .. } | PlaceOf::Outpost { parent, .. } => parent,
        }
    }

    /// Whether it is a Region.
    pub const fn is_region(self) -> bool {
        matches!(self, PlaceOf::Region { .. })
    }
}

/// The zone group of a Local Zone: its name without the trailing letter (F126).
fn group(zone: &str) -> &str {
    zone.strip_suffix(|letter: char| letter.is_ascii_lowercase()).unwrap_or(zone)
}

/// Whether something can be copied from one place to another, whatever else is asked.
///
/// The provider's pages for snapshots and for images differ between Local Zones; both are held to
/// the narrower rule, the same zone group (P-LZLZ), and both may stay within a zone (P-LZ-SELF).
///
/// # Errors
/// When it cannot, with the fact that says so. The code is assumed (P-ROUTE-CODE).
pub fn route(action: Action, from: PlaceOf<'_>, to: PlaceOf<'_>) -> Result<(), Refusal> {
    route_by(&Silent::DEFAULT, action, from, to)
}

/// As [`route`], with what is taken where the provider is silent.
///
/// # Errors
/// When it cannot be copied.
pub fn route_by(
    silent: &Silent,
    action: Action,
    from: PlaceOf<'_>,
    to: PlaceOf<'_>,
) -> Result<(), Refusal> {
    let refuse =
        |rule, message| Err(Refusal::new(rule, None, message).coded(silent.route_code.code()));
    let (thing, source, goal) = (action.thing(), from.name(), to.name());
    match (from, to) {
        (PlaceOf::Outpost { .. }, _) => refuse(
            Rule::OutpostSource,
            format!("nothing can be copied from an Outpost, and `{source}` is one"),
        ),
        (PlaceOf::Region { partition, .. }, PlaceOf::Region { partition: other, .. }) => {
            if partition == other {
                return Ok(());
            }
            refuse(
                Rule::Partition,
                format!(
                    "`{source}` is in partition {partition}, `{goal}` in {other}; copies do not cross"
                ),
            )
        }
        (
            PlaceOf::Region { .. },
            PlaceOf::LocalZone { parent, .. } | PlaceOf::Outpost { parent, .. },
        ) => {
            if source == parent {
                return Ok(());
            }
            refuse(
                Rule::ForeignEdge,
                format!(
                    "`{goal}` takes {thing}s from its own Region alone, which is `{parent}`, not \
                     `{source}`; copy to `{parent}` first"
                ),
            )
        }
        (PlaceOf::LocalZone { parent, .. }, PlaceOf::Region { .. }) => {
            if goal == parent {
                return Ok(());
            }
            refuse(
                Rule::ZoneToRegion,
                format!(
                    "from the Local Zone `{source}`, a {thing} goes to its parent Region \
                     `{parent}` first, not to `{goal}`"
                ),
            )
        }
        (PlaceOf::LocalZone { .. }, PlaceOf::LocalZone { .. }) => {
            match between_zones(silent, action, from, to) {
                None => Ok(()),
                Some((rule, message)) => refuse(rule, message),
            }
        }
        (PlaceOf::LocalZone { .. }, PlaceOf::Outpost { .. }) => refuse(
            Rule::ZoneToOutpost,
            format!(
                "nothing can be copied from a Local Zone to an Outpost, `{source}` to `{goal}`"
            ),
        ),
    }
}

/// What stands against a copy from one Local Zone to another, if anything does (F51, F55).
fn between_zones(
    silent: &Silent,
    action: Action,
    from: PlaceOf<'_>,
    to: PlaceOf<'_>,
) -> Option<(Rule, String)> {
    let (source, goal) = (from.name(), to.name());
    let is_image = action == Action::CopyImage;
    if source == goal {
        let refused = is_image && silent.zone_self == ZoneSelf::NotForImages;
        let message = || format!("images are not copied within the Local Zone `{source}`");
        return refused.then(|| (Rule::ZoneSelf, message()));
    }
    let wide = is_image && silent.zone_pairs == ZonePairs::SameParent;
    if group(source) == group(goal) || (wide && from.region() == to.region()) {
        return None;
    }
    let kin = if wide { "parent Region" } else { "zone group" };
    let message = format!("the Local Zones `{source}` and `{goal}` are not of one {kin}");
    Some((Rule::ZoneToZone, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::ErrorCode;

    const IRELAND: PlaceOf<'_> = PlaceOf::Region { name: "eu-west-1", partition: "aws" };
    const OREGON: PlaceOf<'_> = PlaceOf::Region { name: "us-west-2", partition: "aws" };
    const PEKING: PlaceOf<'_> = PlaceOf::Region { name: "cn-north-1", partition: "aws-cn" };
    const ANGELES: PlaceOf<'_> =
        PlaceOf::LocalZone { name: "us-west-2-lax-1a", parent: "us-west-2" };
    const ANGELES_B: PlaceOf<'_> =
        PlaceOf::LocalZone { name: "us-west-2-lax-1b", parent: "us-west-2" };
    const DENVER: PlaceOf<'_> =
        PlaceOf::LocalZone { name: "us-west-2-den-1a", parent: "us-west-2" };
    const PLANT: PlaceOf<'_> = PlaceOf::Outpost { name: "plant", parent: "us-west-2" };
    const OFFICE: PlaceOf<'_> = PlaceOf::Outpost { name: "office", parent: "us-west-2" };

    /// TV30: a row for each pair of kinds, as F50 to F56 list them.
    #[test]
    fn tv30_the_matrix_of_routes() {
        let matrix = [
            (IRELAND, IRELAND, None),                      // F50: same Region
            (IRELAND, OREGON, None),                       // F50: another Region
            (IRELAND, PEKING, Some("F54, P-ROUTE-CODE")),  // F54: another partition
            (OREGON, ANGELES, None),                       // F50: a Local Zone of it
            (IRELAND, ANGELES, Some("F56, P-ROUTE-CODE")), // F56: of another Region
            (OREGON, PLANT, None),                         // F50: an Outpost of it
            (IRELAND, PLANT, Some("F56, P-ROUTE-CODE")),   // F56: of another Region
            (ANGELES, ANGELES, None),                      // F51, P-LZ-SELF
            (ANGELES, ANGELES_B, None),                    // F51: same group
            (ANGELES, DENVER, Some("F51, F55, P-LZLZ, P-ROUTE-CODE")),
            (ANGELES, OREGON, None), // F51: parent
            (ANGELES, IRELAND, Some("F51, F53, P-ROUTE-CODE")),
            (ANGELES, PLANT, Some("F54, P-ROUTE-CODE")),
            (PLANT, OREGON, Some("F52, P-ROUTE-CODE")), // F52: nothing comes back
            (PLANT, OFFICE, Some("F52, P-ROUTE-CODE")),
            (PLANT, PLANT, Some("F52, P-ROUTE-CODE")),
            (PLANT, ANGELES, Some("F52, P-ROUTE-CODE")),
        ];
        for (from, to, rule) in matrix {
            for action in [Action::CopySnapshot, Action::CopyImage] {
                let refused = route(action, from, to).err();
                let facts = refused.as_ref().map(|refusal| refusal.rule.info().facts);
                assert_eq!(facts, rule, "{from:?} {to:?}");
                let code = refused.map(|refusal| refusal.code);
                assert_eq!(code, rule.map(|_| ErrorCode::UnsupportedOperation));
            }
        }
    }

    #[test]
    fn a_refusal_says_the_way_out() {
        assert_eq!(
            route(Action::CopyImage, IRELAND, PLANT).unwrap_err().message,
            "`plant` takes images from its own Region alone, which is `us-west-2`, not \
             `eu-west-1`; copy to `us-west-2` first"
        );
    }
}
