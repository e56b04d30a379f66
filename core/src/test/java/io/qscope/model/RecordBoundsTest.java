package io.qscope.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every component of every record, found by reflection: a new one is covered as soon as it exists. */
class RecordBoundsTest {

    /** Given by the store and only read by callers: what comes from the database is not a caller's mistake. */
    private static final Set<String> GIVEN_BY_STORE = Set.of("chain", "previousHash", "hash");

    private static final Set<String> DEFAULTED = Set.of("updatedAt", "updatedBy");

    record Case(Record record, RecordComponent component) {

        String name() {
            return component.getName();
        }

        boolean isNullable() {
            AnnotatedType type = component.getAnnotatedType();
            return type.isAnnotationPresent(Nullable.class) || DEFAULTED.contains(name());
        }

        @Nullable
        Object value() {
            return Samples.valueOf(record, component);
        }

        Object with(@Nullable Object value) {
            return Samples.with(record, name(), value);
        }

        @Override
        public String toString() {
            return record.getClass().getSimpleName() + "." + name();
        }
    }

    static Stream<Case> components() {
        return Samples.records()
                .flatMap(record -> Arrays.stream(record.getClass().getRecordComponents())
                        .map(component -> new Case(record, component)));
    }

    static Stream<Case> texts() {
        return components()
                .filter(each -> each.component().getType() == String.class)
                .filter(each -> !GIVEN_BY_STORE.contains(each.name()));
    }

    static Stream<Case> instants() {
        return components().filter(each -> each.component().getType() == Instant.class);
    }

    @ParameterizedTest
    @MethodSource("components")
    void sampleLeavesNothingOut(Case each) {
        assertThat(each.value()).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("components")
    void nullIsForOptionalFieldsOnly(Case each) {
        if (each.isNullable()) {
            assertThatCode(() -> each.with(null)).doesNotThrowAnyException();
        } else if (!each.component().getType().isPrimitive()) {
            assertThatNullPointerException().isThrownBy(() -> each.with(null)).withMessageContaining(each.name());
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    void blankIsRefused(Case each) {
        for (String blank : List.of("", " ", " \t ", "\u2003")) {
            assertRefused(each, blank);
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    void overLongIsRefusedAndTheLongestIsNot(Case each) {
        int longest = longestOf(each);
        assertThatCode(() -> each.with("x".repeat(longest))).doesNotThrowAnyException();
        assertRefused(each, "secret" + "x".repeat(longest - 5));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void controlCharactersAreRefused(Case each) {
        for (char control : new char[] {'\0', '\n', '\r', '\t', '\u001b', '\u007f', '\u0085'}) {
            assertRefused(each, "secret" + control + "tail");
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    void textWithoutUtf8FormIsRefused(Case each) {
        for (String torn : List.of("secret\ud83d", "\ude00secret", "secret\ud83dx", "\ude00\ud83dsecret")) {
            assertRefused(each, torn);
        }
        assertThatCode(() -> each.with("ключ-鍵-\ud83d\ude00")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("instants")
    void instantsAreMilliseconds(Case each) {
        Instant instant = Instant.parse("2026-05-06T07:08:09.123999999Z");
        Record changed = Samples.with(each.record(), each.name(), instant);
        assertThat(Samples.valueOf(changed, each.component())).isEqualTo(Instant.parse("2026-05-06T07:08:09.123Z"));
    }

    @ParameterizedTest
    @MethodSource("instants")
    void instantsHaveBounds(Case each) {
        assertThatCode(() -> each.with(Limits.EARLIEST)).doesNotThrowAnyException();
        assertThatCode(() -> each.with(Limits.LATEST)).doesNotThrowAnyException();
        for (Instant beyond : List.of(Limits.EARLIEST.minusMillis(1), Limits.LATEST.plusMillis(1), Instant.MAX)) {
            assertThatThrownBy(() -> each.with(beyond))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(each.name() + " ");
        }
    }

    @Test
    void lastWriterIsTheMakerUnlessNamed() {
        Samples.rows().filter(row -> !(row instanceof AuditLog)).forEach(row -> {
            Row unnamed = (Row) Samples.with(Samples.with((Record) row, "updatedAt", null), "updatedBy", null);
            assertThat(unnamed.updatedAt()).isEqualTo(row.createdAt());
            assertThat(unnamed.updatedBy()).isEqualTo(row.createdBy());
        });
    }

    @Test
    void auditEntryIsWrittenOnce() {
        AuditLog entry = Samples.auditLog();
        assertThat(entry.version()).isEqualTo(1);
        assertThat(entry.updatedAt()).isEqualTo(entry.createdAt());
        assertThat(entry.updatedBy()).isEqualTo(entry.createdBy());
    }

    @Test
    void buildersStartFromTheirRow() {
        assertThat(Samples.client())
                .satisfies(row -> assertThat(row.toBuilder().build()).isEqualTo(row));
        assertThat(Samples.authorization())
                .satisfies(row -> assertThat(row.toBuilder().build()).isEqualTo(row));
        assertThat(Samples.authorizationCode())
                .satisfies(row -> assertThat(row.toBuilder().build()).isEqualTo(row));
        assertThat(Samples.accessToken())
                .satisfies(row -> assertThat(row.toBuilder().build()).isEqualTo(row));
        assertThat(Samples.refreshToken())
                .satisfies(row -> assertThat(row.toBuilder().build()).isEqualTo(row));
        assertThat(Samples.deviceCode())
                .satisfies(row -> assertThat(row.toBuilder().build()).isEqualTo(row));
        assertThat(Samples.idToken())
                .satisfies(row -> assertThat(row.toBuilder().build()).isEqualTo(row));
        assertThat(Samples.authorizationRequest())
                .satisfies(row -> assertThat(row.toBuilder().build()).isEqualTo(row));
        assertThat(Samples.consent())
                .satisfies(row -> assertThat(row.toBuilder().build()).isEqualTo(row));
        assertThat(Samples.signingKey())
                .satisfies(row -> assertThat(row.toBuilder().build()).isEqualTo(row));
        assertThat(Samples.userAccount())
                .satisfies(row -> assertThat(row.toBuilder().build()).isEqualTo(row));
        assertThat(Samples.auditLog())
                .satisfies(row -> assertThat(row.toBuilder().build()).isEqualTo(row));
        assertThat(Samples.config())
                .satisfies(row -> assertThat(row.toBuilder().build()).isEqualTo(row));
    }

    @Test
    void everyKindOfRowHasASample() {
        assertThat(Samples.rows().map(Object::getClass)).containsExactlyInAnyOrder(Row.class.getPermittedSubclasses());
    }

    private static void assertRefused(Case each, String value) {
        assertThatThrownBy(() -> each.with(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(each.name() + " ")
                .message()
                .doesNotContain("secret")
                .doesNotContain("xxx");
    }

    /** The bound that the documentation of {@link Limits} gives the field. */
    private static int longestOf(Case each) {
        return switch (each.name()) {
            case "id", "clientId", "authorizationId", "refreshTokenId", "predecessorId" -> Limits.ID;
            case "userId", "username", "subject", "createdBy", "updatedBy" -> Limits.NAME;
            case "clientIdentifier" -> Limits.CLIENT_IDENTIFIER;
            case "redirectUri" -> Limits.URI;
            case "codeChallenge" -> Limits.CODE_CHALLENGE;
            case "algorithm", "codeChallengeMethod", "eventType" -> Limits.TOKEN;
            case "publicKey", "sealedKey" -> Limits.KEY;
            default -> throw new AssertionError("a new text: say here how long it may be: " + each);
        };
    }
}
