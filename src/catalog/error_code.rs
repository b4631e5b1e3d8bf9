//! Error codes of the EC2 API that a copy can meet.
//!
//! Source: error codes for the Amazon EC2 API, read 2026-11 (F135–F152). Statuses: client errors
//! are 4xx, server errors 5xx (F151); 412 and 403 as observed (F75, F80). `InvalidRequest` is not
//! among them: users report it (issues 7393 and 11741 of Packer on GitHub).

use std::fmt;

/// A documented error code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorCode {
    /// A dry run would have succeeded.
    DryRunOperation,
    /// The caller may not do this.
    UnauthorizedOperation,
    /// A required parameter is absent.
    MissingParameter,
    /// A parameter has a value that it cannot have.
    InvalidParameterValue,
    /// Parameters that do not go together.
    InvalidParameterCombination,
    /// A parameter without the one it needs.
    InvalidParameterDependency,
    /// A parameter is wrong in some other way.
    InvalidParameter,
    /// A parameter that the call does not know.
    UnknownParameter,
    /// No Region has this name.
    InvalidRegion,
    /// No zone has this name.
    InvalidAvailabilityZone,
    /// The snapshot does not exist.
    SnapshotNotFound,
    /// The snapshot's id is no id.
    SnapshotIdMalformed,
    /// A registered image uses the snapshot.
    SnapshotInUse,
    /// The image does not exist.
    ImageNotFound,
    /// The image's id is no id.
    ImageIdMalformed,
    /// The image is deregistered or in the wrong state.
    ImageUnavailable,
    /// Another image has this name.
    ImageNameDuplicate,
    /// The image's name is too short, too long, or has a character that it cannot have.
    ImageNameMalformed,
    /// A client token came again with other parameters.
    IdempotentParameterMismatch,
    /// The client token is no token.
    InvalidClientToken,
    /// A limit is reached: copies in progress, quota.
    ResourceLimitExceeded,
    /// The account keeps as many snapshots as it may.
    SnapshotLimitExceeded,
    /// Too many snapshots are pending.
    PendingSnapshotLimitExceeded,
    /// Too many snapshots of one volume are being made.
    ConcurrentSnapshotLimitExceeded,
    /// Snapshots cannot be copied to or from that Region.
    SnapshotCopyUnsupportedInterRegion,
    /// The request includes something that is not supported.
    UnsupportedOperation,
    /// The request is not supported.
    Unsupported,
    /// The request is wrong as a whole: an unencrypted copy of something encrypted.
    InvalidRequest,
    /// The resource is in a state that does not allow this.
    InvalidState,
    /// The resource is in the wrong state.
    IncorrectState,
    /// The key is not accessible.
    CustomerKeyHasBeenRevoked,
    /// The caller may not use the resource.
    AuthFailure,
    /// The caller has no token left.
    RequestLimitExceeded,
    /// The server failed.
    InternalError,
    /// The server is overloaded.
    ServiceUnavailable,
    /// The server is overloaded.
    Unavailable,
}

impl ErrorCode {
    /// Every code, in the order of the variants.
    pub const ALL: [ErrorCode; 36] = [
        ErrorCode::DryRunOperation,
        ErrorCode::UnauthorizedOperation,
        ErrorCode::MissingParameter,
        ErrorCode::InvalidParameterValue,
        ErrorCode::InvalidParameterCombination,
        ErrorCode::InvalidParameterDependency,
        ErrorCode::InvalidParameter,
        ErrorCode::UnknownParameter,
        ErrorCode::InvalidRegion,
        ErrorCode::InvalidAvailabilityZone,
        ErrorCode::SnapshotNotFound,
        ErrorCode::SnapshotIdMalformed,
        ErrorCode::SnapshotInUse,
        ErrorCode::ImageNotFound,
        ErrorCode::ImageIdMalformed,
        ErrorCode::ImageUnavailable,
        ErrorCode::ImageNameDuplicate,
        ErrorCode::ImageNameMalformed,
        ErrorCode::IdempotentParameterMismatch,
        ErrorCode::InvalidClientToken,
        ErrorCode::ResourceLimitExceeded,
        ErrorCode::SnapshotLimitExceeded,
        ErrorCode::PendingSnapshotLimitExceeded,
        ErrorCode::ConcurrentSnapshotLimitExceeded,
        ErrorCode::SnapshotCopyUnsupportedInterRegion,
        ErrorCode::UnsupportedOperation,
        ErrorCode::Unsupported,
        ErrorCode::InvalidRequest,
        ErrorCode::InvalidState,
        ErrorCode::IncorrectState,
        ErrorCode::CustomerKeyHasBeenRevoked,
        ErrorCode::AuthFailure,
        ErrorCode::RequestLimitExceeded,
        ErrorCode::InternalError,
        ErrorCode::ServiceUnavailable,
        ErrorCode::Unavailable,
    ];

    /// The code as the API spells it.
    pub const fn as_str(self) -> &'static str {
        self.spelling_and_status().0
    }

    /// The HTTP status it comes with.
    pub const fn http_status(self) -> u16 {
        self.spelling_and_status().1
    }

    const fn spelling_and_status(self) -> (&'static str, u16) {
        match self {
            ErrorCode::DryRunOperation => ("DryRunOperation", 412),
            ErrorCode::UnauthorizedOperation => ("UnauthorizedOperation", 403),
            ErrorCode::MissingParameter => ("MissingParameter", 400),
            ErrorCode::InvalidParameterValue => ("InvalidParameterValue", 400),
            ErrorCode::InvalidParameterCombination => ("InvalidParameterCombination", 400),
            ErrorCode::InvalidParameterDependency => ("InvalidParameterDependency", 400),
            ErrorCode::InvalidParameter => ("InvalidParameter", 400),
            ErrorCode::UnknownParameter => ("UnknownParameter", 400),
            ErrorCode::InvalidRegion => ("InvalidRegion", 400),
            ErrorCode::InvalidAvailabilityZone => ("InvalidAvailabilityZone", 400),
            ErrorCode::SnapshotNotFound => ("InvalidSnapshot.NotFound", 400),
            ErrorCode::SnapshotIdMalformed => ("InvalidSnapshotID.Malformed", 400),
            ErrorCode::SnapshotInUse => ("InvalidSnapshot.InUse", 400),
            ErrorCode::ImageNotFound => ("InvalidAMIID.NotFound", 400),
            ErrorCode::ImageIdMalformed => ("InvalidAMIID.Malformed", 400),
            ErrorCode::ImageUnavailable => ("InvalidAMIID.Unavailable", 400),
            ErrorCode::ImageNameDuplicate => ("InvalidAMIName.Duplicate", 400),
            ErrorCode::ImageNameMalformed => ("InvalidAMIName.Malformed", 400),
            ErrorCode::IdempotentParameterMismatch => ("IdempotentParameterMismatch", 400),
            ErrorCode::InvalidClientToken => ("InvalidClientToken", 400),
            ErrorCode::ResourceLimitExceeded => ("ResourceLimitExceeded", 400),
            ErrorCode::SnapshotLimitExceeded => ("SnapshotLimitExceeded", 400),
            ErrorCode::PendingSnapshotLimitExceeded => ("PendingSnapshotLimitExceeded", 400),
            ErrorCode::ConcurrentSnapshotLimitExceeded => ("ConcurrentSnapshotLimitExceeded", 400),
            ErrorCode::SnapshotCopyUnsupportedInterRegion => {
                ("SnapshotCopyUnsupported.InterRegion", 400)
            }
            ErrorCode::UnsupportedOperation => ("UnsupportedOperation", 400),
            ErrorCode::Unsupported => ("Unsupported", 400),
            ErrorCode::InvalidRequest => ("InvalidRequest", 400),
            ErrorCode::InvalidState => ("InvalidState", 400),
            ErrorCode::IncorrectState => ("IncorrectState", 400),
            ErrorCode::CustomerKeyHasBeenRevoked => ("CustomerKeyHasBeenRevoked", 400),
            ErrorCode::AuthFailure => ("AuthFailure", 403),
            ErrorCode::RequestLimitExceeded => ("RequestLimitExceeded", 503),
            ErrorCode::InternalError => ("InternalError", 500),
            ErrorCode::ServiceUnavailable => ("ServiceUnavailable", 503),
            ErrorCode::Unavailable => ("Unavailable", 503),
        }
    }

    /// The code of this spelling, with or without the `Client.` or `Server.` that CloudTrail puts
    /// before it (F151).
    pub fn from_text(text: &str) -> Option<ErrorCode> {
        let bare = text.strip_prefix("Client.").or_else(|| text.strip_prefix("Server."));
        let bare = bare.unwrap_or(text);
        ErrorCode::ALL.into_iter().find(|code| code.as_str() == bare)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_by_its_spelling() {
        for (idx, code) in ErrorCode::ALL.into_iter().enumerate() {
            assert_eq!(code as usize, idx, "{code} stands in the order of the variants");
            assert_eq!(ErrorCode::from_text(code.as_str()), Some(code));
            assert_eq!(ErrorCode::from_text(&format!("Client.{code}")), Some(code));
        }
        assert_eq!(ErrorCode::from_text("Client"), None);
    }

    /// F80, F151: a dry run that would pass answers 412, a refusal of rights 403, a server's 5xx.
    #[test]
    fn statuses_are_those_observed() {
        assert_eq!(ErrorCode::DryRunOperation.http_status(), 412);
        assert_eq!(ErrorCode::UnauthorizedOperation.http_status(), 403);
        assert_eq!(ErrorCode::ResourceLimitExceeded.http_status(), 400);
        assert_eq!(ErrorCode::RequestLimitExceeded.http_status(), 503);
    }
}
