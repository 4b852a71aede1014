use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::Session;

/// Values of the application that travel with a session, one of each type.
#[derive(Default)]
pub(super) struct Context(RefCell<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Session {
    /// Keeps a value for hooks and scopes, such as the current user or tenant; one of each type. It stays until the
    /// session ends.
    ///
    /// ```
    /// use orm_core::Engine;
    ///
    /// struct Tenant(i64);
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.set_context(Tenant(7));
    /// assert_eq!(session.context::<Tenant>().map(|tenant| tenant.0), Some(7));
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn set_context<T: Any + Send + Sync>(&self, value: T) {
        let previous = self.context.0.borrow_mut().insert(TypeId::of::<T>(), Arc::new(value));
        drop(previous);
    }

    /// The value of that type, where there is one.
    #[must_use]
    pub fn context<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        let value = self.context.0.borrow().get(&TypeId::of::<T>()).map(Arc::clone);
        value.and_then(|value| value.downcast().ok())
    }
}
