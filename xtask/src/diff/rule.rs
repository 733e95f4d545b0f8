//! The rules: what can change, and whom it breaks.

use std::fmt;

use serde::Serialize;

/// Whom a change breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A released client fails, or a program stops compiling or stops meaning the same.
    Breaking,
    /// There is something new, and nobody who ignores it notices.
    Additive,
    /// Nobody notices.
    Internal,
}

impl Severity {
    /// All of them, the worst first.
    pub const ALL: [Self; 3] = [Self::Breaking, Self::Additive, Self::Internal];

    /// The word that reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Additive => "additive",
            Self::Internal => "internal",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Whether a client gets along with a server that differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abroad {
    /// Nobody notices: names of ours, and what the client neither sends nor reads.
    Same,
    /// Everything decodes, but users should know.
    Differs,
    /// Answers do not decode, or requests are not understood.
    Fails,
}

macro_rules! rules {
    ($($name:ident $id:literal $severity:ident $abroad:ident $means:literal;)*) => {
        /// One kind of change of the API.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Rule {
            $(#[doc = $means] $name,)*
        }

        impl Rule {
            /// Every rule, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name that reports use; it never changes.
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// Whom such a change breaks.
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            /// What it means where a client of the old description meets a server of the new one.
            pub fn abroad(self) -> Abroad {
                match self { $(Self::$name => Abroad::$abroad,)* }
            }

            /// What it means to users, in a clause.
            pub fn means(self) -> &'static str {
                match self { $(Self::$name => $means,)* }
            }
        }
    };
}

rules! {
    PathParametersSwapped "path-parameters-swapped" Breaking Fails "PROGRAMS COMPILE AND NAME ANOTHER RESOURCE: arguments of one type change places";
    OperationAdded "operation-added" Additive Same "a new method and its builder";
    OperationRemoved "operation-removed" Breaking Differs "its method goes, and released clients call into nothing";
    OperationRenamed "operation-renamed" Breaking Same "its method and builder have other names";
    OperationPathChanged "operation-path-changed" Breaking Fails "released clients call the old path";
    OperationMethodChanged "operation-method-changed" Breaking Fails "released clients use the old method";
    OperationDeprecated "operation-deprecated" Additive Differs "still works, but will go one day";
    OperationUndeprecated "operation-undeprecated" Internal Same "it stays after all";
    DocumentationMoved "documentation-moved" Internal Same "the link in its documentation leads elsewhere";
    ServersChanged "servers-changed" Internal Same "users say which host to talk to, so nothing follows from it";
    RedirectGained "redirect-gained" Breaking Fails "`send` returns a signed URL in place of a body";
    RedirectLost "redirect-lost" Breaking Fails "no signed URL any more, and no `download`";
    DownloadGained "download-gained" Additive Same "there is `download` too, for the content";
    DownloadLost "download-lost" Breaking Fails "no `download` any more; `send` stays as it was";
    QuestionGained "question-gained" Breaking Same "`send` returns yes or no, and no is no error any more";
    QuestionLost "question-lost" Breaking Same "`send` does not return yes or no any more";
    AnswerFormChanged "answer-form-changed" Breaking Same "`send` returns another type";
    PaginationGained "pagination-gained" Additive Same "it can be streamed";
    PaginationLost "pagination-lost" Breaking Fails "it cannot be streamed any more";
    PaginationChanged "pagination-changed" Breaking Same "numbers lead from page to page in place of cursors, or the other way round: who goes on from a page begins again";

    ParameterAdded "parameter-added" Additive Same "a new optional argument";
    RequiredParameterAdded "required-parameter-added" Breaking Fails "the server refuses requests without it, and its method has a new argument";
    ParameterRemoved "parameter-removed" Breaking Differs "its argument or setter goes, and the server ignores or refuses it";
    PathParameterRenamed "path-parameter-renamed" Internal Same "its argument has another name, which no program mentions";
    PathParameterMayHoldSlashes "path-parameter-may-hold-slashes" Additive Same "its value may be several segments of the path";
    PathParameterMustNotHoldSlashes "path-parameter-must-not-hold-slashes" Breaking Fails "a value with slashes, which programs may give, is refused";
    ParameterMoved "parameter-moved" Breaking Fails "released clients send it in the old place";
    ParameterBecameRequired "parameter-became-required" Breaking Fails "the server refuses requests without it, and its setter becomes an argument";
    ParameterBecameOptional "parameter-became-optional" Breaking Same "its argument becomes a setter; requests stay the same";
    ParameterDeprecated "parameter-deprecated" Additive Differs "still works, but will go one day";
    ParameterUndeprecated "parameter-undeprecated" Internal Same "it stays after all";

    RequestBodyAdded "request-body-added" Additive Same "a body may be sent";
    RequiredRequestBodyAdded "required-request-body-added" Breaking Fails "the server refuses requests without a body";
    RequestBodyRemoved "request-body-removed" Breaking Fails "its setter goes, and the server ignores or refuses it";
    RequestBodyBecameRequired "request-body-became-required" Breaking Fails "the server refuses requests without a body";
    RequestBodyBecameOptional "request-body-became-optional" Breaking Same "its argument becomes a setter; requests stay the same";
    RequestMediaTypeAdded "request-media-type-added" Additive Same "the server understands another form";
    RequestMediaTypeRemoved "request-media-type-removed" Breaking Fails "the server refuses what released clients send";
    RequestFieldAdded "request-field-added" Additive Same "a new optional field";
    RequiredRequestFieldAdded "required-request-field-added" Breaking Fails "the server refuses requests without it";
    RequestFieldRemoved "request-field-removed" Breaking Differs "the field goes, and the server ignores or refuses it";
    RequestFieldBecameRequired "request-field-became-required" Breaking Fails "the server refuses requests without it";
    RequestFieldBecameOption "request-field-became-option" Breaking Same "it may be left out or null, so its Rust type has one `Option` more";
    RequestBecameNullable "request-became-nullable" Additive Same "null may be sent";
    RequestBecameNotNullable "request-became-not-nullable" Breaking Fails "the server refuses null";
    RequestTypeChanged "request-type-changed" Breaking Fails "the Rust type changes, and the server refuses the old form";
    RequestFormatChanged "request-format-changed" Breaking Fails "the Rust type changes";
    RequestEnumValueAdded "request-enum-value-added" Additive Same "a new variant of an enum that is non-exhaustive";
    RequestEnumValueRemoved "request-enum-value-removed" Breaking Differs "the variant goes, and the server refuses the value";
    RequestEnumIntroduced "request-enum-introduced" Breaking Differs "the Rust type becomes an enum, and the server may refuse other values";
    RequestEnumDropped "request-enum-dropped" Breaking Same "the Rust type becomes text; the server takes what it took before";
    RequestDefaultChanged "request-default-changed" Breaking Differs "who leaves it out gets another answer";
    RequestTightened "request-tightened" Breaking Differs "the server refuses what it took before";
    RequestLoosened "request-loosened" Additive Same "the server takes more than before";
    RequestVariantAdded "request-variant-added" Additive Same "another alternative may be sent";
    RequestVariantRemoved "request-variant-removed" Breaking Fails "the server refuses an alternative that it took before";
    RequestExtraFieldsChanged "request-extra-fields-changed" Breaking Fails "what may be sent beside the named fields is of another type";

    SuccessStatusAdded "success-status-added" Additive Same "a success with the same body";
    SuccessBodyAdded "success-body-added" Breaking Fails "a success with another body than the others, which clients cannot decode";
    SuccessVariantAdded "success-variant-added" Breaking Fails "another status where several mean different things, which released clients do not know";
    SuccessStatusRemoved "success-status-removed" Breaking Fails "whoever waits for this status waits in vain";
    ResponseBodyAdded "response-body-added" Breaking Same "`send` returns another type";
    ResponseBodyRemoved "response-body-removed" Breaking Fails "`send` returns nothing";
    ResponseMediaTypeAdded "response-media-type-added" Additive Same "the server can answer in another form";
    ResponseMediaTypeRemoved "response-media-type-removed" Breaking Fails "the server no longer answers in the form that clients decode";
    UnaskedMediaTypeRemoved "unasked-media-type-removed" Internal Same "a form that the client never asks for";
    ResponseHeaderAdded "response-header-added" Additive Same "there is more to read";
    ResponseHeaderRemoved "response-header-removed" Breaking Differs "whoever reads it finds nothing";
    ResponseHeaderChanged "response-header-changed" Internal Same "headers are text to us";
    ResponseFieldAdded "response-field-added" Additive Differs "a new field of a struct that is non-exhaustive";
    ResponseFieldRemoved "response-field-removed" Breaking Differs "the Rust field goes; released clients find it absent";
    RequiredResponseFieldRemoved "required-response-field-removed" Breaking Fails "the Rust field goes, and released clients cannot decode an answer without it";
    ResponseFieldBecameOptional "response-field-became-optional" Breaking Fails "released clients cannot decode an answer without it";
    ResponseFieldBecameRequired "response-field-became-required" Breaking Same "the Rust field is no `Option` any more";
    ResponseBecameNullable "response-became-nullable" Breaking Fails "released clients cannot decode null, and the Rust type becomes an `Option`";
    ResponseBecameNotNullable "response-became-not-nullable" Breaking Same "the Rust type is no `Option` any more";
    ResponsePresenceNoted "response-presence-noted" Internal Same "the Rust type stays the same, and released clients decode both";
    ResponseTypeChanged "response-type-changed" Breaking Fails "the Rust type changes, and released clients cannot decode the new form";
    ResponseFormatChanged "response-format-changed" Breaking Fails "the Rust type changes";
    ResponseFormatIntroduced "response-format-introduced" Breaking Same "the Rust type becomes that of the format; released clients still decode it";
    ResponseEnumValueAdded "response-enum-value-added" Additive Differs "released clients keep it as an unknown value";
    ResponseEnumValueRemoved "response-enum-value-removed" Breaking Same "the variant goes; on the wire nobody misses it";
    ResponseEnumIntroduced "response-enum-introduced" Breaking Same "the Rust type becomes an enum of the values that are known now; released clients still decode them as text";
    ResponseEnumDropped "response-enum-dropped" Breaking Same "the Rust type becomes text; released clients keep new values as unknown ones";
    ResponseDefaultChanged "response-default-changed" Internal Same "clients fill in nothing, so nothing follows from it";
    ResponseConstraintChanged "response-constraint-changed" Internal Same "the Rust type stays the same, and clients decode values beyond all bounds";
    ResponseVariantAdded "response-variant-added" Breaking Fails "released clients cannot decode the new alternative";
    ResponseVariantRemoved "response-variant-removed" Breaking Same "the variant goes; on the wire nobody misses it";

    FormatNoted "format-noted" Internal Same "the Rust type stays the same";
    SchemaRenamed "schema-renamed" Breaking Same "the Rust type has another name; what else changed in its JSON is told apart";
    SchemaDeprecated "schema-deprecated" Additive Differs "still there, but will go one day";
    SchemaUndeprecated "schema-undeprecated" Internal Same "it stays after all";
}
