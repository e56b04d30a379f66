/**
 * The storage of Spring Authorization Server on a {@link io.qscope.store.Storage}: its three storage interfaces, a closed codec
 * of what their objects carry, and auto-configuration for Spring Boot. It translates, and decides nothing.
 */
@NullMarked
package io.qscope.spring;

import org.jspecify.annotations.NullMarked;
