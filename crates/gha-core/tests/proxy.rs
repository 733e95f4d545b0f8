//! What is plain http to this machine goes through no proxy, whatever the environment says.
//!
//! Variables belong to a process, so this program is both: with an address it sends requests, without
//! it is the test.
#![expect(clippy::unwrap_used, reason = "this is a test")]

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gha_core::generated::Request;
use gha_core::{Operation, plain};

const OPERATION: &Operation = &Operation::new("follow", http::Method::GET, "/redirect");

fn main() {
    match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [send, api] if send == "send" => request(api),
        _ => no_proxy_hears_of_it(),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn request(api: &str) {
    let api = plain(api).token("ghp_0123456789").build().unwrap();
    let link = Request::new(&api, OPERATION).redirect().await.unwrap();
    let answer = api.fetch(&link).await.unwrap();
    assert_eq!(answer.into_body().bytes(100).await.unwrap(), "content");
}

fn no_proxy_hears_of_it() {
    let (api, _) = serve(|request| match request.starts_with("GET /redirect ") {
        true => "HTTP/1.1 302 Found\r\nLocation: /blob\r\nContent-Length: 0\r\n\r\n",
        false => "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\ncontent",
    });
    for variable in ["http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"] {
        let (proxy, heard) = serve(|_| "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["send", &api]).env(variable, proxy);
        assert!(child.status().unwrap().success(), "{variable}");
        assert_eq!(heard.load(Ordering::Relaxed), 0, "{variable}");
    }
}

/// A server with one answer a connection, and how many it has answered.
fn serve(answer: fn(&str) -> &'static str) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let heard = Arc::new(AtomicUsize::new(0));
    let count = heard.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            count.fetch_add(1, Ordering::Relaxed);
            let mut request = [0; 4096];
            let read = stream.read(&mut request).unwrap_or_default();
            let answer = answer(&String::from_utf8_lossy(&request[..read]));
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (url, heard)
}
