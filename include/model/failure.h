/* failure: curl's exit codes and HTTP's status codes in words. */
#ifndef TSDB_EXPORTER_MODEL_FAILURE_H
#define TSDB_EXPORTER_MODEL_FAILURE_H

/* The meaning of an exit code, after libcurl-errors(3) of curl 8.14; "" for others. */
const char *failure_of_curl(int exit_code);

/* The meaning of a status from 400 to 599, after the IANA's registry; "" for others. */
const char *failure_of_http(int status);

#endif
