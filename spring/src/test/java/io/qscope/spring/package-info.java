/** Tests of the adapter. */
@org.jspecify.annotations.NullMarked
package io.qscope.spring;
