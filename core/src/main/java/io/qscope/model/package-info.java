/**
 * The rows that an authorization server stores, as immutable records that check themselves when made: there is no
 * half-valid row. Knows nothing but the JDK and a UUID library.
 *
 * <p>Every record truncates its instants to the millisecond, the precision of every engine, so that a row read back
 * equals the row written. Builders ({@code OAuthClient.builder()}) start with empty collections; {@code updatedAt} and
 * {@code updatedBy} default to {@code createdAt} and {@code createdBy}. A bad field is refused with an {@link
 * java.lang.IllegalArgumentException} that names the field and the bound, never the value.
 */
@NullMarked
package io.qscope.model;

import org.jspecify.annotations.NullMarked;
