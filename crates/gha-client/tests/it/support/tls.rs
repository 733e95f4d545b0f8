//! TLS in front of a fake, with a certificate for any host names.

use std::net::SocketAddr;
use std::sync::Arc;

use rcgen::CertifiedKey;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

/// Serves until it is dropped.
pub(crate) struct TlsFront {
    pub(crate) address: SocketAddr,
    pub(crate) certificate: reqwest::Certificate,
    /// The same for `SSL_CERT_FILE`.
    pub(crate) pem: String,
    _serving: JoinSet<()>,
}

/// Passes what comes for `names` on to the fake at `api_url`.
pub(crate) async fn front(api_url: &str, names: &[&str]) -> TlsFront {
    // The first client installs the provider.
    drop(gha_client::builder().build().unwrap());
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(names).unwrap();
    let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key.into())
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let target: SocketAddr = url::Url::parse(api_url)
        .unwrap()
        .socket_addrs(|| None)
        .unwrap()[0];
    let mut serving = JoinSet::new();
    serving.spawn(async move {
        let mut connections = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            connections.spawn(async move {
                let mut client = acceptor.accept(stream).await.unwrap();
                let mut server = TcpStream::connect(target).await.unwrap();
                // Either side may close as it likes.
                let _ = copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
    TlsFront {
        address,
        certificate: reqwest::Certificate::from_der(cert.der()).unwrap(),
        pem: cert.pem(),
        _serving: serving,
    }
}
