/** Storage calls as metrics of Micrometer and as spans of OpenTelemetry. */
@NullMarked
package io.qscope.micrometer;

import org.jspecify.annotations.NullMarked;
