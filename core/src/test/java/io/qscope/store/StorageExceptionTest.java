package io.qscope.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.RayId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StorageExceptionTest {

    private static final RayId RAY = new RayId("ray-of-the-call");
    private static final TableName TABLE = TableName.ACCESS_TOKENS;

    static Stream<StorageException> family() {
        return Stream.of(
                new DuplicateRowException(TABLE, "row-1", "token", RAY),
                new InvalidRowException(TABLE, "row-1", "a field changed that may not", RAY),
                new MissingReferenceException(TABLE, "row-1", "clientId", RAY),
                new RevokedAuthorizationException(TABLE, "row-1", "root-1", RAY),
                new RowNotFoundException(TABLE, "row-1", RAY),
                new StaleRowException(TABLE, "row-1", 3, RAY),
                new StorageCorruptedException("oauth_access_tokens row-1: scopes cannot be read", RAY),
                new StorageUnavailableException("oauth_access_tokens row-1: the queue is full", false, RAY));
    }

    @Test
    void familyIsClosedAndWholeHere() {
        assertThat(family().map(Object::getClass))
                .containsExactlyInAnyOrder(StorageException.class.getPermittedSubclasses());
        assertThat(StorageException.class.getPermittedSubclasses())
                .allMatch(member -> Modifier.isFinal(member.getModifiers()));
    }

    @ParameterizedTest
    @MethodSource("family")
    void messageNamesTheRowAndTheRay(StorageException error) {
        assertThat(error).hasMessageContaining("oauth_access_tokens row-1: ").hasMessageEndingWith("(ray " + RAY + ")");
        assertThat(error.rayId()).isEqualTo(RAY);
    }

    @ParameterizedTest
    @MethodSource("family")
    void partOfAUnitIsNamed(StorageException error) {
        assertThat(error.part()).isNull();
        StorageException same = error.inPart(2);
        assertThat(same).isSameAs(error).hasMessageStartingWith("part 2 of the unit of work: ");
        assertThat(error.part()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("family")
    void noConstructorTakesACause(StorageException error) {
        assertThat(error.getCause()).isNull();
        assertThat(Arrays.stream(error.getClass().getConstructors())
                        .flatMap(constructor -> Arrays.stream(constructor.getParameterTypes())))
                .noneMatch(Throwable.class::isAssignableFrom);
    }

    @ParameterizedTest
    @MethodSource("family")
    void survivesSerialization(StorageException error) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(error.inPart(1));
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            StorageException read = (StorageException) in.readObject();
            assertThat(read).hasSameClassAs(error).hasMessage(error.getMessage());
            assertThat(read.rayId()).isEqualTo(RAY);
            assertThat(read.part()).isEqualTo(1);
        }
    }

    @Test
    void unknownOutcomeSaysSo() {
        StorageUnavailableException unknown = new StorageUnavailableException("connection lost", true, RAY);
        assertThat(unknown.outcomeUnknown()).isTrue();
        assertThat(unknown).hasMessageContaining("unknown").hasMessageContaining("repeat");
        assertThat(new StorageUnavailableException("closed", false, RAY).outcomeUnknown())
                .isFalse();
    }

    @Test
    void duplicateAndMissingReferenceNameTheField() {
        DuplicateRowException duplicate = new DuplicateRowException(TABLE, "row-1", "token", RAY);
        assertThat(duplicate.table()).isEqualTo(TABLE);
        assertThat(duplicate.key()).isEqualTo("token");
        MissingReferenceException missing = new MissingReferenceException(TABLE, "row-1", "clientId", RAY);
        assertThat(missing.table()).isEqualTo(TABLE);
        assertThat(missing.field()).isEqualTo("clientId");
    }
}
