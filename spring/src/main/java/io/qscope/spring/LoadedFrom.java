package io.qscope.spring;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what Spring's objects were loaded from, for as long as somebody has them. The key is the instance of an object's id:
 * made anew at each load, it is passed on by {@code from(…)} to whatever is built of the object, adds nothing to what the object
 * equals, and is gone when the last of these is. Safe for any number of threads.
 *
 * @param <V> what is remembered; it must not refer to the id's instance, or it would never be forgotten
 */
final class LoadedFrom<V> {

    private final ConcurrentMap<Instance, V> byInstance = new ConcurrentHashMap<>();
    private final ReferenceQueue<String> gone = new ReferenceQueue<>();

    /**
     * Remembers a value.
     *
     * @return an id equal to the one given, and an instance of its own: the object has to be built with it
     */
    @SuppressWarnings({"StringOperationCanBeSimplified", "StringConstructor"})
    String remember(String id, V value) {
        forgetTheGone();
        String instance = new String(id);
        byInstance.put(new Instance(instance, gone), value);
        return instance;
    }

    /** What the object with that instance of an id was loaded from; empty when it was not loaded, but made. */
    Optional<V> of(String id) {
        return Optional.ofNullable(byInstance.get(new Instance(id, null)));
    }

    /** Has the instance stand for something newer: what the object was just saved as. */
    void replace(String id, V value) {
        byInstance.replace(new Instance(id, null), value);
    }

    /** How many are remembered. */
    int size() {
        forgetTheGone();
        return byInstance.size();
    }

    private void forgetTheGone() {
        for (Reference<?> each = gone.poll(); each != null; each = gone.poll()) {
            byInstance.remove((Instance) each);
        }
    }

    private static final class Instance extends WeakReference<String> {

        private final int hash;

        Instance(String id, @Nullable ReferenceQueue<String> queue) {
            super(id, queue);
            this.hash = System.identityHashCode(id);
        }

        @Override
        @SuppressWarnings("ReferenceEquality")
        public boolean equals(@Nullable Object other) {
            if (this == other) {
                return true;
            }
            String id = get();
            return id != null && other instanceof Instance that && that.get() == id;
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
