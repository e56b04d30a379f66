package io.qscope.spring;

import io.qscope.key.KeyRing;
import java.util.function.Supplier;

/**
 * Where the auto-configuration gets the key ring from, when a bean of this type is there: a callback into a secret store, for a
 * ring that changes while the application runs. Called often, by any number of threads; it must answer at once.
 */
@FunctionalInterface
public interface KeyRingSource extends Supplier<KeyRing> {}
