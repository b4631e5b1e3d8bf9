//! What is taken where the provider says nothing, or says two things.
//!
//! Each field is one switch with a default; the marks are rows of `docs/model.md`.

use crate::catalog::ErrorCode;
use crate::units::Span;

/// P-ROUTE-CODE, P-TB-EDGE-CODE: the code of what is not supported between two places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EdgeCode {
    /// `UnsupportedOperation`.
    UnsupportedOperation,
    /// `InvalidParameterCombination`.
    InvalidParameterCombination,
}

impl EdgeCode {
    /// The code.
    pub const fn code(self) -> ErrorCode {
        match self {
            EdgeCode::UnsupportedOperation => ErrorCode::UnsupportedOperation,
            EdgeCode::InvalidParameterCombination => ErrorCode::InvalidParameterCombination,
        }
    }
}

/// P-LZLZ: between which Local Zones images are copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZonePairs {
    /// Those of one zone group, as snapshots are, and pairs that the account lists.
    SameGroup,
    /// Those of one parent Region.
    SameParent,
}

/// P-LZ-SELF: whether images are copied within one Local Zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZoneSelf {
    /// They are, as snapshots are.
    Allowed,
    /// They are not; snapshots are.
    NotForImages,
}

/// P-DEST-EXCL: whether CopySnapshot takes a zone and an Outpost at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exclusive {
    /// It does not, as CopyImage does not.
    Refused,
    /// It does; the Outpost is meant.
    Lax,
}

/// P-LZ-ENC: which Local Zones encrypt whatever arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZoneEncryption {
    /// Those of which it is known.
    Flagged,
    /// All of them.
    All,
}

/// P-AMI-KEY: the key of an encrypted image that is copied without naming one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageKey {
    /// Its own inside one Region, the destination's default key across Regions.
    OwnInside,
    /// Always the destination's default key.
    Default,
}

/// P-TOKEN-AZ: whether a token may come again with another zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenZones {
    /// It may: zones are not compared, as Regions are not.
    Excluded,
    /// It may not.
    Compared,
}

/// P-NO-REGION: the answer to a request without `SourceRegion`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRegion {
    /// `MissingParameter`, as documented.
    Missing,
    /// `InternalError`, as an emulator has it that was built on captures.
    ServerError,
}

/// P-KEY-NEEDS: what `KmsKeyId` needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyNeeds {
    /// `Encrypted` set to true in the same request.
    Parameter,
    /// A copy that comes out encrypted, for whatever reason.
    Outcome,
}

/// P-KEY-CHECK: when a key is found to be of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyCheck {
    /// At once, as observed.
    AtOnce,
    /// After the copy was accepted, as documented.
    Later,
}

/// P-URL-CHECK: what becomes of a pre-signed URL without a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlCheck {
    /// Nobody looks, as observed.
    Ignored,
    /// The copy is accepted and fails, as documented.
    Later,
}

/// P-IMAGE-SOURCE: when an image that cannot be copied is found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageSource {
    /// At once: the documented codes exist.
    AtOnce,
    /// After the copy was accepted, as was observed of snapshots.
    Later,
}

/// What is taken where the provider says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Silent {
    /// P-ROUTE-CODE (F152).
    pub route_code: EdgeCode,
    /// P-TB-EDGE-CODE (F25).
    pub edge_duration_code: EdgeCode,
    /// P-CUM-ZERO-CODE (F11).
    pub quota_code: ErrorCode,
    /// P-LZLZ (F55).
    pub zone_pairs: ZonePairs,
    /// P-LZ-SELF (F55).
    pub zone_self: ZoneSelf,
    /// P-DEST-EXCL (F61).
    pub exclusive: Exclusive,
    /// P-LZ-ENC (F72).
    pub zone_encryption: ZoneEncryption,
    /// P-AMI-KEY (F69).
    pub image_key: ImageKey,
    /// P-TOKEN-AZ (F77).
    pub token_zones: TokenZones,
    /// P-TOKEN-TTL (F78): for how long a token is remembered after its request.
    pub token_life: Span,
    /// P-TOKEN-LENGTH (F76): most characters of a token; the guide says 64, the API model 128.
    pub token_length: usize,
    /// P-NO-REGION (F83).
    pub no_region: NoRegion,
    /// P-KEY-NEEDS (F70).
    pub key_needs: KeyNeeds,
    /// P-KEY-CHECK (F74, F75).
    pub key_check: KeyCheck,
    /// P-URL-CHECK (F85).
    pub url_check: UrlCheck,
    /// P-IMAGE-SOURCE (F84, F141).
    pub image_source: ImageSource,
}

impl Silent {
    /// What is taken unless somebody says otherwise.
    pub const DEFAULT: Silent = Silent {
        route_code: EdgeCode::UnsupportedOperation,
        edge_duration_code: EdgeCode::InvalidParameterCombination,
        quota_code: ErrorCode::ResourceLimitExceeded,
        zone_pairs: ZonePairs::SameGroup,
        zone_self: ZoneSelf::Allowed,
        exclusive: Exclusive::Refused,
        zone_encryption: ZoneEncryption::Flagged,
        image_key: ImageKey::OwnInside,
        token_zones: TokenZones::Excluded,
        token_life: Span::from_hours(24),
        token_length: crate::catalog::limit::CLIENT_TOKEN_LENGTH,
        no_region: NoRegion::Missing,
        key_needs: KeyNeeds::Parameter,
        key_check: KeyCheck::AtOnce,
        url_check: UrlCheck::Ignored,
        image_source: ImageSource::AtOnce,
    };
}

impl Default for Silent {
    fn default() -> Silent {
        Silent::DEFAULT
    }
}
