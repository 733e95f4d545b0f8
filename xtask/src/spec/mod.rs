//! Everything that knows OpenAPI: load, trim, overlay, hoist, lint.
