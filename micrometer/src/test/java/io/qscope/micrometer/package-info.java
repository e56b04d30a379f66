/** The bindings with real registries, tracers and storages. */
@NullMarked
package io.qscope.micrometer;

import org.jspecify.annotations.NullMarked;
