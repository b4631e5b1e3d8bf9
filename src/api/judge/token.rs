//! Client tokens: a request that comes again (F76–F78).

use super::Context;
use crate::api::{CopyImageRequest, Parameter, Refusal, Rule, State, TokenZones};

/// The image that an earlier request with the same token made, if one did and is remembered.
///
/// # Errors
/// When that request had other parameters; Regions are not compared, nor are zones, unless
/// P-TOKEN-AZ says so (F77).
pub(super) fn repeated<'a, S: State>(
    context: &Context<'a, S>,
    request: &CopyImageRequest,
) -> Result<Option<&'a str>, Refusal> {
    let Some(token) = request.client_token.as_deref() else { return Ok(None) };
    let Some(spent) = context.state.token(&context.region.name, token) else { return Ok(None) };
    if context.silent.token_life <= context.now.since_or_zero(spent.at) {
        return Ok(None);
    }
    match difference(request, spent.request, context.silent.token_zones) {
        None => Ok(Some(spent.image)),
        Some(parameter) => {
            let message = format!(
                "`ClientToken` came before with another `{parameter}`: take a new token for a new \
                 request"
            );
            Err(Refusal::new(Rule::TokenMismatch, Some(parameter), message))
        }
    }
}

/// The first parameter in which two requests differ, of those that are compared.
fn difference(
    one: &CopyImageRequest,
    other: &CopyImageRequest,
    zones: TokenZones,
) -> Option<Parameter> {
    let with_zones = zones == TokenZones::Compared;
    let zone = one.destination_availability_zone != other.destination_availability_zone;
    let zone_id = one.destination_availability_zone_id != other.destination_availability_zone_id;
    let minutes = one.snapshot_copy_completion_duration_minutes
        != other.snapshot_copy_completion_duration_minutes;
    let compared = [
        (Parameter::SourceImageId, one.source_image_id != other.source_image_id),
        (Parameter::Name, one.name != other.name),
        (Parameter::Description, one.description != other.description),
        (Parameter::Encrypted, one.encrypted != other.encrypted),
        (Parameter::KmsKeyId, one.kms_key_id != other.kms_key_id),
        (Parameter::CopyImageTags, one.copy_image_tags != other.copy_image_tags),
        (Parameter::TagSpecifications, one.tag_specifications != other.tag_specifications),
        (
            Parameter::DestinationOutpostArn,
            one.destination_outpost_arn != other.destination_outpost_arn,
        ),
        (Parameter::DestinationAvailabilityZone, with_zones && zone),
        (Parameter::DestinationAvailabilityZoneId, with_zones && zone_id),
        (Parameter::SnapshotCopyCompletionDurationMinutes, minutes),
    ];
    compared.into_iter().find_map(|(parameter, differs)| differs.then_some(parameter))
}
