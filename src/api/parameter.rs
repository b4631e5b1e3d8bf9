//! The parameters of both calls, by name and type (F59, F60).

use std::fmt;

use super::{Action, Refusal, Rule};

/// Names that are less alike than this (1 is equal) are not suggested.
const LEAST_LIKENESS: f64 = 0.6;

/// A parameter of CopySnapshot, of CopyImage, or of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "they are the names of the API")]
pub enum Parameter {
    SourceRegion,
    SourceSnapshotId,
    SourceImageId,
    Name,
    Description,
    ClientToken,
    Encrypted,
    KmsKeyId,
    CopyImageTags,
    TagSpecifications,
    DestinationOutpostArn,
    DestinationAvailabilityZone,
    DestinationAvailabilityZoneId,
    DestinationRegion,
    PresignedUrl,
    CompletionDurationMinutes,
    SnapshotCopyCompletionDurationMinutes,
    DryRun,
}

/// What kind of value a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A string.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Number,
    /// A list of tags for each type of resource.
    Tags,
}

impl Kind {
    /// What such a value is, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Kind::Text => "a string",
            Kind::Flag => "true or false",
            Kind::Number => "a whole number",
            Kind::Tags => "a list of resource types with their tags",
        }
    }
}

use Action::{CopyImage, CopySnapshot};

const BOTH: &[Action] = &[CopySnapshot, CopyImage];
const SNAPSHOT: &[Action] = &[CopySnapshot];
const IMAGE: &[Action] = &[CopyImage];

impl Parameter {
    /// Every parameter, in the order of the variants.
    pub const ALL: [Parameter; 18] = [
        Parameter::SourceRegion,
        Parameter::SourceSnapshotId,
        Parameter::SourceImageId,
        Parameter::Name,
        Parameter::Description,
        Parameter::ClientToken,
        Parameter::Encrypted,
        Parameter::KmsKeyId,
        Parameter::CopyImageTags,
        Parameter::TagSpecifications,
        Parameter::DestinationOutpostArn,
        Parameter::DestinationAvailabilityZone,
        Parameter::DestinationAvailabilityZoneId,
        Parameter::DestinationRegion,
        Parameter::PresignedUrl,
        Parameter::CompletionDurationMinutes,
        Parameter::SnapshotCopyCompletionDurationMinutes,
        Parameter::DryRun,
    ];

    /// Its name in the API.
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// What kind of value it takes.
    pub const fn kind(self) -> Kind {
        self.row().1
    }

    /// Whether the call has it.
    pub fn is_of(self, action: Action) -> bool {
        self.row().2.contains(&action)
    }

    /// Source: the API model of both calls, SDK of November 2026 (F59, F60).
    const fn row(self) -> (&'static str, Kind, &'static [Action]) {
        match self {
            Parameter::SourceRegion => ("SourceRegion", Kind::Text, BOTH),
            Parameter::SourceSnapshotId => ("SourceSnapshotId", Kind::Text, SNAPSHOT),
            Parameter::SourceImageId => ("SourceImageId", Kind::Text, IMAGE),
            Parameter::Name => ("Name", Kind::Text, IMAGE),
            Parameter::Description => ("Description", Kind::Text, BOTH),
            Parameter::ClientToken => ("ClientToken", Kind::Text, IMAGE),
            Parameter::Encrypted => ("Encrypted", Kind::Flag, BOTH),
            Parameter::KmsKeyId => ("KmsKeyId", Kind::Text, BOTH),
            Parameter::CopyImageTags => ("CopyImageTags", Kind::Flag, IMAGE),
            Parameter::TagSpecifications => ("TagSpecifications", Kind::Tags, BOTH),
            Parameter::DestinationOutpostArn => ("DestinationOutpostArn", Kind::Text, BOTH),
            Parameter::DestinationAvailabilityZone => {
                ("DestinationAvailabilityZone", Kind::Text, BOTH)
            }
            Parameter::DestinationAvailabilityZoneId => {
                ("DestinationAvailabilityZoneId", Kind::Text, IMAGE)
            }
            Parameter::DestinationRegion => ("DestinationRegion", Kind::Text, SNAPSHOT),
            Parameter::PresignedUrl => ("PresignedUrl", Kind::Text, SNAPSHOT),
            Parameter::CompletionDurationMinutes => {
                ("CompletionDurationMinutes", Kind::Number, SNAPSHOT)
            }
            Parameter::SnapshotCopyCompletionDurationMinutes => {
                ("SnapshotCopyCompletionDurationMinutes", Kind::Number, IMAGE)
            }
            Parameter::DryRun => ("DryRun", Kind::Flag, BOTH),
        }
    }

    /// The parameters of a call, in the order of the variants.
    pub fn of(action: Action) -> impl Iterator<Item = Parameter> {
        Parameter::ALL.into_iter().filter(move |parameter| parameter.is_of(action))
    }

    /// The parameter of a call that a name stands for: the API's name, or CloudTrail's, which
    /// starts with a small letter and has names of its own for tags and keys (F155).
    ///
    /// # Errors
    /// When the call has no such parameter (F59, F60), with the nearest that it has.
    pub fn named(action: Action, name: &str) -> Result<Parameter, Refusal> {
        if let Some(known) = Parameter::of(action).find(|known| known.is_spelt(name)) {
            return Ok(known);
        }
        let other = action.other();
        let help = if Parameter::of(other).any(|known| known.is_spelt(name)) {
            format!("; {} has it", other.name())
        } else {
            let meant = nearest(action, name).map(|meant| format!(" (did you mean `{meant}`?)"));
            meant.unwrap_or_default()
        };
        let message = format!("`{name}` is no parameter of {}{help}", action.name());
        Err(Refusal::new(Rule::UnknownParameter, None, message))
    }

    fn is_spelt(self, name: &str) -> bool {
        let api = self.name();
        let trail = match self {
            Parameter::KmsKeyId => name == "masterEncryptionKeyId",
            Parameter::TagSpecifications => {
                name == "tagSpecificationSet" || name == "TagSpecification"
            }
            _ => false,
        };
        let small = || api.eq_ignore_ascii_case(name) && api.get(1..) == name.get(1..);
        api == name || trail || (small() && name.starts_with(|c: char| c.is_ascii_lowercase()))
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The parameter of the call whose name is most like this one, if any is.
fn nearest(action: Action, name: &str) -> Option<Parameter> {
    let mut best = (LEAST_LIKENESS, None);
    for candidate in Parameter::of(action) {
        let likeness = strsim::normalized_damerau_levenshtein(name, candidate.name());
        if best.0 < likeness {
            best = (likeness, Some(candidate));
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// F59, F60: 12 parameters of one call, 14 of the other, 8 of them of both: 18 names.
    #[test]
    fn f59_f60_each_call_has_its_own() {
        let count = |action| Parameter::of(action).count();
        assert_eq!((count(CopySnapshot), count(CopyImage)), (12, 14));
        for (idx, parameter) in Parameter::ALL.into_iter().enumerate() {
            assert_eq!(parameter as usize, idx, "{parameter} stands in the order of the variants");
            assert_eq!(format!("{parameter:?}"), parameter.name());
        }
    }

    #[test]
    fn cloudtrail_spells_them_with_a_small_letter() {
        let named = |name| Parameter::named(CopySnapshot, name).ok();
        assert_eq!(named("sourceRegion"), Some(Parameter::SourceRegion));
        assert_eq!(named("masterEncryptionKeyId"), Some(Parameter::KmsKeyId));
        assert_eq!(named("tagSpecificationSet"), Some(Parameter::TagSpecifications));
        assert_eq!(named("sourceregion"), None);
        assert_eq!(named("SOURCERegion"), None);
    }

    /// F137: an unknown name; F59: CopySnapshot has no token and no zone id.
    #[test]
    fn f137_an_unknown_name_gets_the_nearest() {
        let message = |action, name| Parameter::named(action, name).unwrap_err().to_string();
        insta::assert_snapshot!(
            message(CopySnapshot, "ClientToken"),
            @"UnknownParameter: `ClientToken` is no parameter of CopySnapshot; CopyImage has it (F59, F60, F137)"
        );
        insta::assert_snapshot!(
            message(CopyImage, "SourceRegionId"),
            @"UnknownParameter: `SourceRegionId` is no parameter of CopyImage (did you mean `SourceRegion`?) (F59, F60, F137)"
        );
        insta::assert_snapshot!(
            message(CopyImage, "Moon"),
            @"UnknownParameter: `Moon` is no parameter of CopyImage (F59, F60, F137)"
        );
    }
}
