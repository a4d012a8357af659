# A base that looks to the image of `predict` as AWS's does, on Debian: for machines that AWS's
# registry is out of reach of, and never deployed. `local.image.debian_base` makes the context.

FROM scratch
ADD rootfs.tar /
COPY runtime /var/runtime
ENV LANG=C.UTF-8 \
    LAMBDA_RUNTIME_DIR=/var/runtime \
    LAMBDA_TASK_ROOT=/var/task \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    PYTHONPATH=/var/runtime
# As in AWS's, where nobody can write either.
RUN python -m compileall -q /var/runtime
WORKDIR /var/task
ENTRYPOINT ["/usr/bin/python", "-m", "awslambdaric"]
