package io.qscope.app.key;

import io.qscope.app.Console;
import io.qscope.app.KeyRingFile;
import io.qscope.app.KeysOption;
import io.qscope.app.Output;
import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What the commands for key rings share: the file, and how a ring is shown, which is by its ids. */
@Command(mixinStandardHelpOptions = true)
abstract class KeyCommand implements Runnable {

    private final Console console;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private KeysOption keys;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Output output;

    KeyCommand(Console console) {
        this.console = console;
    }

    final KeyRingFile file() {
        return keys.fileToWorkOn();
    }

    final Console console() {
        return console;
    }

    final void show(KeyRing ring) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Key key : ring.readable()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("id", key.id());
            row.put("writing", key == ring.writing());
            rows.add(row);
        }
        output.many(console, rows, "id", "writing");
    }
}
