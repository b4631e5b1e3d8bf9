//! Tags in a request (F63, F64).

use super::form::is_longer;
use crate::api::{Action, Parameter, Refusal, Rule, Tags};

/// Most characters of a tag's key, and of its value (API text of CopySnapshot).
const TAG_LENGTH: (usize, usize) = (127, 256);

/// Checks the tags of a request: types of resource, keys given twice, texts.
pub(super) fn check(action: Action, tags: &Tags) -> Result<(), Refusal> {
    let refuse =
        |rule, message| Err(Refusal::new(rule, Some(Parameter::TagSpecifications), message));
    for (at, specification) in tags.0.iter().enumerate() {
        let resource = specification.resource_type.as_deref().unwrap_or_default();
        let (rule, is_taken, allowed) = match action {
            Action::CopySnapshot => (Rule::TagResource, resource == "snapshot", "`snapshot`"),
            Action::CopyImage => {
                let is_taken = matches!(resource, "image" | "snapshot");
                (Rule::TagResourceImage, is_taken, "`image` or `snapshot`")
            }
        };
        if !is_taken {
            let message = format!(
                "{} tags {allowed} only, and `ResourceType` is `{resource}`",
                action.name()
            );
            return refuse(rule, message);
        }
        let earlier =
            tags.0[..at].iter().filter(|one| one.resource_type == specification.resource_type);
        for (idx, tag) in specification.tags.iter().enumerate() {
            let mut before =
                earlier.clone().flat_map(|one| &one.tags).chain(&specification.tags[..idx]);
            if before.any(|other| other.key == tag.key) {
                return refuse(Rule::TagTwice, format!("the tag `{}` is given twice", tag.key));
            }
            if tag.key.is_empty() || tag.key.starts_with("aws:") {
                let message = format!("`{}` is no key of a tag: `aws:` is reserved", tag.key);
                return refuse(Rule::TagText, message);
            }
            let (key, value) = TAG_LENGTH;
            if is_longer(&tag.key, key) || is_longer(&tag.value, value) {
                let message = format!(
                    "the tag `{}` is too long: keys have at most {key} characters, values {value}",
                    tag.key
                );
                return refuse(Rule::TagText, message);
            }
        }
    }
    Ok(())
}
