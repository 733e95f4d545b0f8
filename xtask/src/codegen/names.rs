//! Names that generated code has already.

/// Methods of the generated client that no operation or handle may be called after.
pub(super) const CLIENT_METHODS: [&str; 8] = [
    "new",
    "api",
    "clone",
    "with_timeout",
    "with_retry",
    "rate_limit",
    "request",
    "call",
];

/// Methods of every handle that no operation or parameter of it may be called after.
pub(super) const HANDLE_METHODS: [&str; 3] = ["api", "call", "clone"];

/// Names of other crates that generated code uses, by where they come from. A file imports those
/// that it mentions.
pub(super) const IMPORTS: [(&str, &[&str]); 8] = [
    ("std::time", &["Duration"]),
    ("chrono", &["DateTime", "Utc"]),
    ("gha_core::generated", &["Request", "Sealed"]),
    (
        "gha_core",
        &[
            "AnyRequest",
            "Api",
            "Bytes",
            "Content",
            "Error",
            "Operation",
            "PageBody",
            "PageCursor",
            "Paginated",
            "RateLimit",
            "Redirected",
            "Response",
            "RetryPolicy",
            "SignedUrl",
            "UnknownValue",
        ],
    ),
    ("http", &["Method"]),
    (
        "serde",
        &["Deserialize", "Deserializer", "Serialize", "Serializer"],
    ),
    ("super::client", &[]),
    ("super", &["types"]),
];

/// Whether generated code imports the name, or takes it from the prelude.
pub(super) fn is_imported(name: &str) -> bool {
    const OTHERS: [&str; 9] = [
        "Box",
        "Client",
        "Into",
        "IntoIterator",
        "Option",
        "Result",
        "Self",
        "String",
        "Vec",
    ];
    let imported = IMPORTS.iter().any(|(_, names)| names.contains(&name));
    imported || OTHERS.contains(&name)
}
