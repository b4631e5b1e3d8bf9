//! Under which key a copy ends up (F67–F73).

use super::{Action, Defaults, ImageKey, SourceKey};

/// How a copy is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption<'a> {
    /// It is not.
    Plain,
    /// Under a key of the destination Region.
    Under(Key<'a>),
}

/// A key, by where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key<'a> {
    /// The one that the request names.
    Given(&'a str),
    /// The one that is set for encryption by default in the destination Region.
    Configured(&'a str),
    /// The provider's own of the destination Region, `aws/ebs`.
    Managed,
    /// That of the source.
    Source(&'a str),
}

/// How far a copy goes, as far as keys care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It stays in its Region, zones included, where the source's key is at hand.
    Inside,
    /// It goes to another Region.
    Across,
    /// It goes to an Outpost.
    ToOutpost,
}

/// What decides the encryption of the copies of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encrypting<'a> {
    /// What is asked for.
    pub action: Action,
    /// The key that is named.
    pub given: Option<&'a str>,
    /// Whether `Encrypted` is set to true.
    pub asked: bool,
    /// Whether the destination encrypts whatever arrives: an Outpost (F71), some zones (F72).
    pub forced: bool,
    /// How far the copy goes.
    pub way: Way,
    /// Encryption by default of the destination Region.
    pub defaults: Defaults<'a>,
    /// P-AMI-KEY.
    pub image_key: ImageKey,
}

impl<'a> Encrypting<'a> {
    /// How the copy of a snapshot is encrypted that is encrypted so.
    ///
    /// A snapshot without a named key comes out under the provider's own key, or, where encryption
    /// by default is on, under the key that is set for it (F68); an image keeps its key inside a
    /// Region (F69, P-AMI-KEY); an Outpost takes the key that is set (F71).
    pub fn of(&self, source: SourceKey<'a>) -> Encryption<'a> {
        let configured = self.defaults.key.map_or(Key::Managed, Key::Configured);
        let wanted = self.asked || self.forced || self.defaults.on;
        match (source, self.given) {
            (SourceKey::Plain, _) if !wanted => Encryption::Plain,
            (_, Some(given)) => Encryption::Under(Key::Given(given)),
            (SourceKey::Plain, None) => Encryption::Under(configured),
            (SourceKey::Under { key, .. }, None) => Encryption::Under(self.kept(key, configured)),
        }
    }

    /// The key of a copy of what is encrypted under `key`, where the request names none.
    fn kept(&self, key: &'a str, configured: Key<'a>) -> Key<'a> {
        match (self.action, self.way) {
            (_, Way::ToOutpost) => configured,
            (Action::CopySnapshot, _) if self.defaults.on => configured,
            (Action::CopySnapshot, _) => Key::Managed,
            (Action::CopyImage, Way::Inside) if self.image_key == ImageKey::OwnInside => {
                Key::Source(key)
            }
            (Action::CopyImage, Way::Inside | Way::Across) => configured,
        }
    }
}
