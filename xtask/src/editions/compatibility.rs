//! Whether a client can live with a difference between its own edition and another one.

use crate::diff::api::Change;
use crate::diff::rule::Rule as R;

/// What a difference means while a client of one edition talks to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Compatibility {
    /// Nobody notices.
    Same,
    /// Everything decodes, but users should know.
    Differs(String),
    /// Answers do not decode, or requests are not understood.
    Fails,
}

/// Judges a change from the client's edition to another one.
pub(super) fn judge(change: &Change) -> Compatibility {
    let at = if change.at.contains('`') {
        change.at.clone()
    } else {
        format!("`{}`", change.at)
    };
    let old = change.old.as_deref().unwrap_or("none");
    let new = change.new.as_deref().unwrap_or("none");
    match change.rule {
        R::OperationRemoved => Compatibility::Differs("not there".to_owned()),
        R::ParameterRemoved | R::RequestFieldRemoved => {
            Compatibility::Differs(format!("ignores {at}"))
        }
        R::RequestEnumValueRemoved => {
            Compatibility::Differs(format!("does not know `{old}` as {at}"))
        }
        R::RequestDefaultChanged => Compatibility::Differs(format!("{at} is {new} if not set")),
        R::RequestTightened => Compatibility::Differs(format!("takes less of {at}: {new}")),
        R::ResponseFieldRemoved => Compatibility::Differs(format!("no {at}")),
        R::ResponseFieldAdded => Compatibility::Differs(format!("more than we decode: {at}")),
        R::ResponseEnumValueAdded => {
            Compatibility::Differs(format!("{at} can be `{new}`, an unknown value"))
        }
        R::ResponseHeaderRemoved => Compatibility::Differs(format!("no {at}")),
        R::OperationDeprecated | R::ParameterDeprecated | R::SchemaDeprecated => {
            Compatibility::Differs(if change.at.is_empty() {
                "deprecated".to_owned()
            } else {
                format!("{at} deprecated")
            })
        }
        // The client's own names, and what it neither sends nor reads.
        R::OperationAdded
        | R::OperationRenamed
        | R::OperationUndeprecated
        | R::DocumentationMoved
        | R::ServersChanged
        | R::PaginationGained
        | R::ParameterAdded
        | R::PathParameterRenamed
        | R::ParameterBecameOptional
        | R::ParameterUndeprecated
        | R::RequestBodyAdded
        | R::RequestBodyBecameOptional
        | R::RequestMediaTypeAdded
        | R::RequestFieldAdded
        | R::RequestFieldBecameOption
        | R::RequestFieldBecameOptional
        | R::RequestBecameNullable
        | R::RequestEnumValueAdded
        | R::RequestLoosened
        | R::RequestVariantAdded
        | R::SuccessStatusAdded
        | R::ResponseBodyAdded
        | R::ResponseMediaTypeAdded
        | R::ResponseHeaderAdded
        | R::ResponseHeaderChanged
        | R::ResponseFieldBecameRequired
        | R::ResponseBecameNotNullable
        | R::ResponsePresenceNoted
        | R::ResponseEnumValueRemoved
        | R::ResponseDefaultChanged
        | R::ResponseVariantRemoved
        | R::FormatNoted
        | R::SchemaRenamed
        | R::SchemaUndeprecated => Compatibility::Same,
        R::PathParametersSwapped
        | R::OperationPathChanged
        | R::OperationMethodChanged
        | R::RedirectGained
        | R::RedirectLost
        | R::PaginationLost
        | R::RequiredParameterAdded
        | R::ParameterMoved
        | R::ParameterBecameRequired
        | R::ParameterStyleChanged
        | R::RequiredRequestBodyAdded
        | R::RequestBodyRemoved
        | R::RequestBodyBecameRequired
        | R::RequestMediaTypeRemoved
        | R::RequiredRequestFieldAdded
        | R::RequestFieldBecameRequired
        | R::RequestBecameNotNullable
        | R::RequestTypeChanged
        | R::RequestFormatChanged
        | R::RequestVariantRemoved
        | R::RequestExtraFieldsChanged
        | R::SuccessBodyAdded
        | R::SuccessStatusRemoved
        | R::ResponseBodyRemoved
        | R::ResponseMediaTypeRemoved
        | R::RequiredResponseFieldRemoved
        | R::ResponseFieldBecameOptional
        | R::ResponseBecameNullable
        | R::ResponseTypeChanged
        | R::ResponseFormatChanged
        | R::ResponseConstraintChanged
        | R::ResponseVariantAdded
        | R::ResponseExtraFieldsChanged => Compatibility::Fails,
    }
}
