package io.qscope.spring;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.server.authorization.settings.OAuth2TokenFormat;

/**
 * One kind of value that is written as a tag and a text. The list is closed: a tag that is not on it is refused, and a tag
 * never changes its meaning.
 *
 * @param tag what stands before the text
 * @param type the values' class itself, no subclass
 */
@SuppressWarnings("JavaUtilDate") // Claims have dates: Spring's own casts to them.
record Scalar<T>(String tag, Class<T> type, Function<T, String> writer, Function<String, T> reader) {

    private static final List<Scalar<?>> ALL = List.of(
            new Scalar<>("int", Integer.class, String::valueOf, Integer::valueOf),
            new Scalar<>("long", Long.class, String::valueOf, Long::valueOf),
            new Scalar<>("short", Short.class, String::valueOf, Short::valueOf),
            new Scalar<>("byte", Byte.class, String::valueOf, Byte::valueOf),
            new Scalar<>("double", Double.class, String::valueOf, Double::valueOf),
            new Scalar<>("float", Float.class, String::valueOf, Float::valueOf),
            new Scalar<>("decimal", BigDecimal.class, BigDecimal::toString, BigDecimal::new),
            new Scalar<>("integer", BigInteger.class, BigInteger::toString, BigInteger::new),
            new Scalar<>("char", Character.class, String::valueOf, Scalar::character),
            new Scalar<>("bytes", byte[].class, Base64.getEncoder()::encodeToString, Base64.getDecoder()::decode),
            new Scalar<>("uuid", UUID.class, UUID::toString, UUID::fromString),
            new Scalar<>("instant", Instant.class, Instant::toString, Instant::parse),
            new Scalar<>("duration", Duration.class, Duration::toString, Duration::parse),
            new Scalar<>("date", Date.class, date -> String.valueOf(date.getTime()), text -> new Date(number(text))),
            new Scalar<>("local-date", LocalDate.class, LocalDate::toString, LocalDate::parse),
            new Scalar<>("local-date-time", LocalDateTime.class, LocalDateTime::toString, LocalDateTime::parse),
            new Scalar<>("offset-date-time", OffsetDateTime.class, OffsetDateTime::toString, OffsetDateTime::parse),
            new Scalar<>("uri", URI.class, URI::toString, URI::create),
            new Scalar<>("url", URL.class, Scalar::external, Scalar::url),
            new Scalar<>(
                    "signature-algorithm",
                    SignatureAlgorithm.class,
                    SignatureAlgorithm::getName,
                    text -> known(SignatureAlgorithm.from(text))),
            new Scalar<>(
                    "mac-algorithm", MacAlgorithm.class, MacAlgorithm::getName, text -> known(MacAlgorithm.from(text))),
            new Scalar<>("token-format", OAuth2TokenFormat.class, OAuth2TokenFormat::getValue, OAuth2TokenFormat::new),
            new Scalar<>(
                    "client-authentication-method",
                    ClientAuthenticationMethod.class,
                    ClientAuthenticationMethod::getValue,
                    ClientAuthenticationMethod::new),
            new Scalar<>(
                    "grant-type",
                    AuthorizationGrantType.class,
                    AuthorizationGrantType::getValue,
                    AuthorizationGrantType::new));

    private static final Map<Class<?>, Scalar<?>> BY_TYPE =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Scalar::type, Function.identity()));

    private static final Map<String, Scalar<?>> BY_TAG =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Scalar::tag, Function.identity()));

    /** The kind of a value; none when it has no kind of its own. */
    static @Nullable Scalar<?> of(Object value) {
        return BY_TYPE.get(value.getClass());
    }

    /** The kind with that tag; none when there is no such. */
    static @Nullable Scalar<?> tagged(String tag) {
        return BY_TAG.get(tag);
    }

    /** Every kind there is. */
    static List<Scalar<?>> all() {
        return ALL;
    }

    /** @throws IllegalArgumentException when the text would not be read as the same value */
    String write(Object value) {
        return writer.apply(type.cast(value));
    }

    /** @throws RuntimeException of some kind when the text is none of this kind */
    T read(String text) {
        return reader.apply(text);
    }

    private static char character(String text) {
        if (text.length() != 1) {
            throw new IllegalArgumentException("not one character");
        }
        return text.charAt(0);
    }

    private static long number(String text) {
        return Long.parseLong(text);
    }

    /** A URL of a protocol that this JVM does not know, or with characters that no URI has, could be written and not read. */
    private static String external(URL url) {
        String text = url.toExternalForm();
        if (!url(text).toExternalForm().equals(text)) {
            throw new IllegalArgumentException("the URL is no URI");
        }
        return text;
    }

    private static URL url(String text) {
        try {
            return URI.create(text).toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("the URL's protocol is unknown", e);
        }
    }

    private static <E> E known(@Nullable E algorithm) {
        return Objects.requireNonNull(algorithm, "an algorithm that this release of Spring Security does not know");
    }
}
