//! Handlers for rows of the route table.

use std::convert::Infallible;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::extract::Request;
use axum::handler::Handler;
use axum::routing::future::RouteFuture;
use axum::{Extension, Router};

use super::routes::Route;

/// The endpoints of a function: each is a row of the route table with its handler. A function can serve only paths and
/// methods of the table, because a service takes only endpoints and only rows make endpoints:
///
/// ```compile_fail,E0451
/// use daftari_platform::http::{Guard, routes::Route};
/// let route = Route { path: "/secret", guard: Guard::Public, ..todo!() };
/// ```
///
/// ```
/// use daftari_platform::http::{Guard, routes::GET_ROOT, routes::Route};
/// let Route { path: "/", guard: Guard::Public, .. } = GET_ROOT else { panic!() };
/// ```
pub struct Endpoints<S>(Router<S>);

impl<S: Clone + Send + Sync + 'static> Endpoints<S> {
    /// Starts without endpoints.
    #[expect(clippy::new_without_default, reason = "a builder")]
    pub fn new() -> Self {
        Self(Router::new())
    }

    /// Serves a row by a handler.
    #[must_use]
    pub fn serve<T: 'static>(self, route: &'static Route, handler: impl Handler<T, S>) -> Self {
        Self(self.0.route(route.path, route.served_by(handler)))
    }

    /// Makes a value available to the handlers added so far, as an `Extension`.
    #[must_use]
    pub fn sharing<T: Clone + Send + Sync + 'static>(self, value: T) -> Self {
        Self(self.0.layer(Extension(value)))
    }

    pub(super) fn into_router(self) -> Router<S> {
        self.0
    }
}

/// Declares the endpoints of a function, each as a row and its handler. The handler is the function of that name in the
/// module of that name, so the file of a handler has its name. The macro makes:
///
/// - `endpoints()`, which serves each row by its handler;
/// - `operations()`, the OpenAPI annotation of each described handler beside its row. Only the test that makes the
///   document calls it, so the linker drops the annotations from the function's binary.
///
/// A function without a platform names the state of its handlers, and the rows that the document leaves out:
/// `state Site; described { … } undescribed { … }`.
#[macro_export]
macro_rules! endpoints {
    ($($route:ident => $handler:ident),+ $(,)?) => {
        $crate::endpoints! { state $crate::Platform; described { $($route => $handler),+ } undescribed {} }
    };
    (
        state $state:ty;
        described { $($route:ident => $handler:ident),* $(,)? }
        undescribed { $($page:ident => $page_handler:ident),* $(,)? }
    ) => {
        fn endpoints() -> $crate::http::Endpoints<$state> {
            $crate::http::Endpoints::new()
                $(.serve(&$crate::http::routes::$route, $handler::$handler))*
                $(.serve(&$crate::http::routes::$page, $page_handler::$page_handler))*
        }

        /// The described rows of the function with the OpenAPI annotations of their handlers.
        pub fn operations() -> $crate::http::Operations {
            vec![$({
                #[derive(utoipa::OpenApi)]
                #[openapi(paths($handler::$handler))]
                struct Annotation;
                (&$crate::http::routes::$route, <Annotation as utoipa::OpenApi>::openapi())
            }),*]
        }
    };
}

/// Rows with the OpenAPI annotations of their handlers.
pub type Operations = Vec<(&'static Route, utoipa::openapi::OpenApi)>;

/// A function as a service: its endpoints within the layers that all functions share. Nothing can be added to it.
#[derive(Clone, Debug)]
pub struct FunctionService(Router);

impl FunctionService {
    pub(super) fn new(router: Router) -> Self {
        Self(router)
    }
}

impl tower::Service<Request<Body>> for FunctionService {
    type Response = axum::response::Response;
    type Error = Infallible;
    type Future = RouteFuture<Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // A router is always ready.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        self.0.call(request)
    }
}
