//! What a pre-signed URL of CopySnapshot says (F85).

use super::{CopySnapshotRequest, Parameter, Refusal, Rule};

/// Checks the scheme and the identifiers of a pre-signed URL.
///
/// Only what was seen to be refused is refused: another scheme, and identifiers that contradict
/// the request; those that the URL leaves out contradict nothing. Returns whether the URL carries
/// what looks like a signature.
///
/// # Errors
/// When the scheme is not https, or an identifier is another one than the request's.
pub(super) fn check(
    url: &str,
    request: &CopySnapshotRequest,
    called: &str,
) -> Result<bool, Refusal> {
    let refuse = |message| Err(Refusal::new(Rule::Url, Some(Parameter::PresignedUrl), message));
    let Some(rest) = url.strip_prefix("https://") else {
        return refuse("`PresignedUrl` has to begin with `https://`".to_owned());
    };
    let mut is_signed = false;
    let query = rest.split_once('?').map_or("", |(_, query)| query);
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        let expected = match name {
            "Action" => "CopySnapshot",
            "SourceRegion" => request.source_region.as_deref().unwrap_or(value),
            "SourceSnapshotId" => request.source_snapshot_id.as_deref().unwrap_or(value),
            "DestinationRegion" => called,
            "X-Amz-Signature" => {
                is_signed = value.len() == 64
                    && value.bytes().all(|byte| byte.is_ascii_hexdigit())
                    && value.bytes().any(|byte| byte != b'0');
                continue;
            }
            _ => continue,
        };
        if value != expected {
            let message = format!(
                "`PresignedUrl` was made for `{name}={value}`, and the request has `{expected}`"
            );
            return refuse(message);
        }
    }
    Ok(is_signed)
}
