/// Which GitHub a fake behaves as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Edition {
    /// github.com: versions 2022-11-28 and 2026-03-10, rate limits, digests.
    #[default]
    GitHub,
    /// Enterprise Server: version 2022-11-28 alone, no rate limits, no digests, and an
    /// [`api_url`](crate::Fake::api_url) that ends in `/api/v3`.
    EnterpriseServer,
}

impl Edition {
    /// What the paths of the API begin with.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::GitHub => "",
            Self::EnterpriseServer => "/api/v3",
        }
    }

    /// The values of `X-GitHub-Api-Version`.
    pub(crate) fn versions(self) -> &'static [&'static str] {
        match self {
            Self::GitHub => &["2022-11-28", "2026-03-10"],
            Self::EnterpriseServer => &["2022-11-28"],
        }
    }

    /// Requests per hour: on github.com so many that tests don't meet the limit by accident.
    pub(crate) fn rate_limit(self) -> Option<u64> {
        (self == Self::GitHub).then_some(1_000_000)
    }

    /// The base of the documentation's addresses.
    pub(crate) fn docs(self) -> &'static str {
        match self {
            Self::GitHub => "https://docs.github.com",
            Self::EnterpriseServer => "https://docs.github.com/enterprise-server@3.19",
        }
    }
}
