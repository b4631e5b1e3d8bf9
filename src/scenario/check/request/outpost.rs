//! Outposts: requests name them by ARN, scenarios by a name.

use crate::model::SiteIdx;
use crate::scenario::check::place::Places;
use crate::scenario::file::File;

/// The Outposts that a scenario declares.
#[derive(Debug, Clone, Default)]
pub(super) struct Outposts(Vec<Declared>);

#[derive(Debug, Clone)]
struct Declared {
    name: String,
    region: String,
    /// Its ARN: the scenario's, or one that stands for it.
    arn: String,
    is_given: bool,
}

impl Outposts {
    /// Those of a scenario, but for groups of several.
    pub(super) fn of(file: &File) -> Outposts {
        let mut declared = Vec::new();
        for (at, outpost) in file.outpost.iter().flatten().enumerate() {
            let (Some(name), Some(region)) = (&outpost.value.name, &outpost.value.region) else {
                continue;
            };
            if outpost.value.count.is_some() {
                continue;
            }
            let given = outpost.value.arn.as_ref().map(|arn| arn.value.clone());
            let region = region.value.clone();
            declared.push(Declared {
                name: name.value.clone(),
                is_given: given.is_some(),
                arn: given.unwrap_or_else(|| {
                    let number = at + 1;
                    format!("arn:aws:outposts:{region}:000000000000:outpost/op-{number:017x}")
                }),
                region,
            });
        }
        Outposts(declared)
    }

    /// The ARN that a request means: the text itself, or that of the Outpost which is called so.
    pub(super) fn arn_of<'t>(&'t self, text: &'t str) -> &'t str {
        let named = self.0.iter().find(|outpost| outpost.name == text);
        named.map_or(text, |outpost| &outpost.arn)
    }

    /// The Region of the Outpost that an ARN or a name means.
    pub(super) fn region_of<'t>(&'t self, text: &'t str) -> Option<&'t str> {
        crate::scenario::requests::state::region_of_arn(self.arn_of(text))
    }

    /// The place of an ARN: the Outpost that has it, or the only one of its Region which has none.
    pub(super) fn site_of(&self, arn: &str, region: &str, places: &Places) -> Option<SiteIdx> {
        let same = self.0.iter().find(|outpost| outpost.arn == arn);
        let found = same.or_else(|| {
            let mut others =
                self.0.iter().filter(|outpost| outpost.region == region && !outpost.is_given);
            let only = others.next();
            only.filter(|_| others.next().is_none())
        });
        places.one(&found?.name)
    }
}
