//! A request in a file: as `--cli-input-json` of the AWS CLI takes it, or a record of CloudTrail.

use serde_json::{Map, Value};

use crate::api::Action;

/// A request as a document has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The call; none where the document does not say.
    pub action: Option<Action>,
    /// The Region that it was sent to, where the document says.
    pub region: Option<String>,
    /// Id of the account that asked, where the document says.
    pub account: Option<String>,
    /// The parameters, under the API's names or CloudTrail's.
    pub parameters: Map<String, Value>,
    /// The error that the provider answered with, where the document is a record that has one.
    pub seen: Option<String>,
    /// Whether the document is a record of CloudTrail.
    pub is_record: bool,
}

impl Document {
    /// Reads a request.
    ///
    /// # Errors
    /// When the text is no JSON, or is neither parameters nor one record: what is wrong with it,
    /// and what would be right.
    pub fn read(text: &str) -> Result<Document, String> {
        let value: Value =
            serde_json::from_str(text).map_err(|error| format!("this is no JSON: {error}"))?;
        let Value::Object(object) = value else {
            return Err(format!("this is {}: {RIGHT}", kind(&value)));
        };
        if let Some(records) = object.get("Records").and_then(Value::as_array) {
            return only(records);
        }
        if object.contains_key("eventName") {
            return record(&object);
        }
        if let Some(key) = LISTS.into_iter().find(|key| object.contains_key(*key)) {
            return Err(format!("this holds `{key}`, and no request: {RIGHT}"));
        }
        let has = |name: &str| object.contains_key(name);
        let action = match (has("SourceSnapshotId"), has("SourceImageId")) {
            (true, false) => Some(Action::CopySnapshot),
            (false, true) => Some(Action::CopyImage),
            _ => None,
        };
        Ok(Document {
            action,
            region: None,
            account: None,
            parameters: object,
            seen: None,
            is_record: false,
        })
    }
}

const RIGHT: &str = "give the parameters of one request, as `aws ec2 copy-snapshot \
                     --cli-input-json` takes them, or one record of CloudTrail";

/// Keys of what is no request.
const LISTS: [&str; 4] = ["Snapshots", "Images", "Events", "detail-type"];

/// What a value is, in a word or two.
const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The one copy among the records of a file of CloudTrail.
fn only(records: &[Value]) -> Result<Document, String> {
    let is_copy = |object: &&Map<String, Value>| {
        let name = object.get("eventName").and_then(Value::as_str);
        name.and_then(Action::from_name).is_some()
    };
    let copies: Vec<_> = records.iter().filter_map(Value::as_object).filter(is_copy).collect();
    match copies.as_slice() {
        [one] => record(one),
        [] => Err(format!("no record is of CopySnapshot or CopyImage: {RIGHT}")),
        many => Err(format!(
            "{} records are of CopySnapshot or CopyImage: give one of them, such as `jq \
             '.Records[0]'` prints it",
            many.len()
        )),
    }
}

/// A record of CloudTrail (F155).
fn record(object: &Map<String, Value>) -> Result<Document, String> {
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    let name = text("eventName").unwrap_or_default();
    let Some(action) = Action::from_name(name) else {
        return Err(format!("this is a record of `{name}`, not of CopySnapshot or CopyImage"));
    };
    let Some(parameters) = object.get("requestParameters").and_then(Value::as_object) else {
        return Err(
            "the record has no `requestParameters`: the call was refused before they were \
                    read"
                .to_owned(),
        );
    };
    let identity = object.get("userIdentity").and_then(|identity| identity.get("accountId"));
    let account = identity.and_then(Value::as_str).or(text("recipientAccountId"));
    Ok(Document {
        action: Some(action),
        region: text("awsRegion").map(str::to_owned),
        account: account.map(str::to_owned),
        parameters: parameters.clone(),
        seen: text("errorCode").map(str::to_owned),
        is_record: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_say_by_their_source_which_call_they_are_of() {
        let action = |text| Document::read(text).unwrap().action;
        assert_eq!(action(r#"{"SourceSnapshotId": "snap-1"}"#), Some(Action::CopySnapshot));
        assert_eq!(action(r#"{"SourceImageId": "ami-1"}"#), Some(Action::CopyImage));
        assert_eq!(action(r#"{"SourceRegion": "us-east-1"}"#), None);
    }

    /// Other calls in the file do not matter; the one copy is taken, with who asked and where.
    #[test]
    fn a_record_says_where_it_was_sent_and_what_was_answered() {
        let text = r#"{"Records": [
            {"eventName": "DescribeImages"},
            {"eventName": "CopyImage", "awsRegion": "eu-central-1", "recipientAccountId": "444455556666",
             "errorCode": "Client.InvalidRequest", "requestParameters": {"sourceRegion": "us-east-1"}}
        ]}"#;
        let read = Document::read(text).unwrap();
        assert_eq!(read.action, Some(Action::CopyImage));
        assert_eq!(read.region.as_deref(), Some("eu-central-1"));
        assert_eq!(read.account.as_deref(), Some("444455556666"));
        assert_eq!(read.seen.as_deref(), Some("Client.InvalidRequest"));
        assert_eq!(read.parameters["sourceRegion"], "us-east-1");
    }

    #[test]
    fn what_is_no_request_is_told_with_what_would_be() {
        let told = |text| Document::read(text).unwrap_err();
        insta::assert_snapshot!(told("{"), @"this is no JSON: EOF while parsing an object at line 1 column 1");
        insta::assert_snapshot!(told("[]"), @"this is a list: give the parameters of one request, as `aws ec2 copy-snapshot --cli-input-json` takes them, or one record of CloudTrail");
        insta::assert_snapshot!(told(r#"{"Snapshots": []}"#), @"this holds `Snapshots`, and no request: give the parameters of one request, as `aws ec2 copy-snapshot --cli-input-json` takes them, or one record of CloudTrail");
        insta::assert_snapshot!(told(r#"{"Records": []}"#), @"no record is of CopySnapshot or CopyImage: give the parameters of one request, as `aws ec2 copy-snapshot --cli-input-json` takes them, or one record of CloudTrail");
        insta::assert_snapshot!(told(r#"{"Records": [{"eventName": "CopyImage"}, {"eventName": "CopySnapshot"}]}"#), @"2 records are of CopySnapshot or CopyImage: give one of them, such as `jq '.Records[0]'` prints it");
        insta::assert_snapshot!(told(r#"{"eventName": "RunInstances"}"#), @"this is a record of `RunInstances`, not of CopySnapshot or CopyImage");
        insta::assert_snapshot!(told(r#"{"eventName": "CopyImage", "requestParameters": null}"#), @"the record has no `requestParameters`: the call was refused before they were read");
    }
}
