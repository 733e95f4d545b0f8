use super::Error;

/// Makes sure that rustls has a cryptography provider before reqwest asks for one, which would
/// panic without.
///
/// One that the application installed is left alone. Otherwise, with feature `rustls`, ring is
/// installed for the process, as rustls itself does when a provider is named by its features.
///
/// # Errors
///
/// [`ErrorKind::Configuration`](super::ErrorKind::Configuration) if no provider is installed and
/// this crate was built without one.
#[cfg(all(
    any(feature = "rustls", feature = "rustls-no-provider"),
    not(target_arch = "wasm32")
))]
pub fn ensure_provider() -> Result<(), Error> {
    use rustls::crypto::CryptoProvider;

    if CryptoProvider::get_default().is_some() {
        return Ok(());
    }
    #[cfg(feature = "rustls")]
    {
        // Losing a race to another thread leaves a provider installed just the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(())
    }
    #[cfg(not(feature = "rustls"))]
    Err(Error::new(
        super::ErrorKind::Configuration,
        "rustls has no cryptography provider; call \
         `rustls::crypto::CryptoProvider::install_default` first, or enable feature `rustls`",
    ))
}

/// Without rustls, or in a browser, there is nothing to set up.
///
/// # Errors
///
/// None.
#[cfg(not(all(
    any(feature = "rustls", feature = "rustls-no-provider"),
    not(target_arch = "wasm32")
)))]
pub fn ensure_provider() -> Result<(), Error> {
    Ok(())
}
