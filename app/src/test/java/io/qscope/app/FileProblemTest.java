package io.qscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;

final class FileProblemTest {

    @Test
    void aFullDiskIsToldWithWhatToDo() {
        String told = "no room is left on its disk; make room there";
        assertThat(FileProblem.in(new IOException("No space left on device"), "try another"))
                .isEqualTo(told);
        assertThat(FileProblem.in(new FileSystemException("f", null, "No space left on device"), "try another"))
                .isEqualTo(told);
        assertThat(FileProblem.in(new AccessDeniedException("f"), "try another"))
                .isEqualTo("this user may not do that; try another");
    }
}
