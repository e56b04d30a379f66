package io.qscope.app.audit;

import io.qscope.app.CommandFailure;
import io.qscope.app.FileProblem;
import io.qscope.app.Session;
import io.qscope.audit.AuditCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The option that names the checkpoints which were kept elsewhere. */
final class KeptCheckpoints {

    @Option(
            names = {"--against", "--checkpoint"},
            paramLabel = "FILE",
            arity = "1..*",
            description = {
                "Checkpoints that were kept elsewhere. Give all of them: each pins what others may not.",
                "A folder stands for all *.checkpoint in it, of which there may be none yet."
            })
    private List<Path> named = List.of();

    /**
     * Reads them all.
     *
     * @throws CommandFailure when one cannot be read, is none, was changed, or was signed by a key that is not in the ring
     */
    List<AuditCheckpoint> read(Session session) {
        List<AuditCheckpoint> kept = new ArrayList<>();
        for (Path name : named) {
            for (Path file : Files.isDirectory(name) ? in(name) : List.of(name)) {
                kept.add(read(file, session));
            }
        }
        return kept;
    }

    private static List<Path> in(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".checkpoint"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new CommandFailure("the folder " + folder + " cannot be read: " + FileProblem.in(e), e);
        }
    }

    private static AuditCheckpoint read(Path file, Session session) {
        try {
            return AuditCheckpoint.parse(Files.readString(file), session.keys());
        } catch (IOException e) {
            throw new CommandFailure("the checkpoint " + file + " cannot be read: " + FileProblem.in(e), e);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(file + ": " + e.getMessage(), e);
        }
    }
}
